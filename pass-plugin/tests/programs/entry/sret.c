// What: functions that return large structs through memory, and results of marker calls that are returned so.
// Covers: entry __enzyme_autodiff; entry __enzyme_fwddiff; marker enzyme_primal_return; calls sret
#include "check.h"
#include "enzyme.h"

struct big {
  double a, b, c;
};
struct two_big {
  struct big primal, tangent;
};
struct big __enzyme_fwddiff_big(void *, ...);
struct two_big __enzyme_fwddiff_both(void *, ...);
struct two_big __enzyme_fwddiff_lanes(void *, ...);
double __enzyme_autodiff_big(void *, ...);
struct big __enzyme_autodiff_three(void *, ...);

static struct big make(double x) {
  struct big r = {x * x, x * x * x, 1};
  return r;
}
static double take(struct big s) { return s.a * s.b + s.c; }
static double three(double x, double y, double z) { return x * y * z; }

int main(void) {
  struct big t = __enzyme_fwddiff_big((void *)make, 3.0, 1.0);
  CHECK(t.a, 6);
  CHECK(t.b, 27);
  CHECK(t.c, 0);
  struct two_big both = __enzyme_fwddiff_both((void *)make, enzyme_primal_return, 3.0, 2.0);
  CHECK(both.primal.a, 9);
  CHECK(both.primal.c, 1);
  CHECK(both.tangent.a, 12);
  CHECK(both.tangent.b, 54);
  both = __enzyme_fwddiff_lanes((void *)make, enzyme_width, 2, 3.0, 1.0, 10.0);
  CHECK(both.primal.a, 6);
  CHECK(both.tangent.a, 60);

  struct big d = {1, 10, 100};
  CHECK(__enzyme_autodiff_big((void *)make, &d, 3.0), 6 + 270);
  CHECK(d.a, 0);

  struct big s = {2, 3, 4}, ds = {0, 0, 0};
  __enzyme_autodiff_big((void *)take, &s, &ds);
  CHECK(ds.a, 3);
  CHECK(ds.b, 2);
  CHECK(ds.c, 1);
  struct big tangent = {1, 1, 1};
  double __enzyme_fwddiff_take(void *, ...);
  CHECK(__enzyme_fwddiff_take((void *)take, enzyme_dup, s, tangent), 6);
  struct big out = __enzyme_autodiff_three((void *)take, enzyme_out, s);
  CHECK(out.a, 3);
  CHECK(out.b, 2);
  CHECK(out.c, 1);
  out = __enzyme_autodiff_three((void *)three, 2.0, 3.0, 4.0);
  CHECK(out.a, 12);
  CHECK(out.b, 8);
  CHECK(out.c, 6);
  CHECK_END();
}
