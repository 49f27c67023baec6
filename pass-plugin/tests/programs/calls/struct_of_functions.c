// What: objects of C: a struct with function pointers and data, its shadow zeroed, copied, or made with __enzyme_virtualreverse.
// Covers: calls function pointer in struct; entry __enzyme_virtualreverse; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"
#include <string.h>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
void *__enzyme_virtualreverse(void *);

struct shape;
struct ops {
  double (*area)(const struct shape *);
  void (*scale)(struct shape *, double);
};
struct shape {
  const struct ops *ops;
  double a, b;
  double (*extra)(double);
};

static double square_area(const struct shape *s) { return s->a * s->a; }
static double rect_area(const struct shape *s) { return s->a * s->b; }
static void square_scale(struct shape *s, double f) { s->a *= f; }
static void rect_scale(struct shape *s, double f) {
  s->a *= f;
  s->b *= f;
}
static double half(double x) { return x / 2; }
static const struct ops square_ops = {square_area, square_scale};
static const struct ops rect_ops = {rect_area, rect_scale};

static double work(struct shape *s, double f) {
  s->ops->scale(s, f);
  double r = s->ops->area(s);
  return s->extra ? s->extra(r) : r;
}

static double made_inside(double x) {
  struct shape s = {&rect_ops, x, 3 * x, half};
  return work(&s, x);
}
static double on_heap(double x, int square) {
  struct shape *s = (struct shape *)malloc(sizeof *s);
  s->ops = square ? &square_ops : &rect_ops;
  s->a = x;
  s->b = x * x;
  s->extra = 0;
  double r = work(s, 2.0);
  free(s);
  return r;
}

int main(void) {
  double f = 1.5;
  struct shape s = {&rect_ops, 2, 5, half}, d = {0, 0, 0, 0};
  double df = __enzyme_autodiff((void *)work, enzyme_dup, &s, &d, enzyme_out, f);
  CHECK(df, 2 * 5 * f);
  CHECK(d.a, 5 * f * f / 2);
  CHECK(d.b, 2 * f * f / 2);

  struct shape q = {&square_ops, 3, 7, 0}, dq;
  memcpy(&dq, &q, sizeof q);
  dq.a = dq.b = 0;
  df = __enzyme_autodiff((void *)work, enzyme_dup, &q, &dq, enzyme_out, f);
  CHECK(df, 2 * 9 * f);
  CHECK(dq.a, 2 * 3 * f * f);
  CHECK(dq.b, 0);

  struct ops shadow_ops = {(double (*)(const struct shape *))__enzyme_virtualreverse((void *)rect_area),
                           (void (*)(struct shape *, double))__enzyme_virtualreverse((void *)rect_scale)};
  struct shape r = {&rect_ops, 2, 5, half}, dr = {&shadow_ops, 0, 0, (double (*)(double))__enzyme_virtualreverse((void *)half)};
  __enzyme_autodiff((void *)work, enzyme_dup, &r, &dr, enzyme_const, f);
  CHECK(dr.a, 5 * f * f / 2);
  CHECK(dr.b, 2 * f * f / 2);

  struct shape t = {&rect_ops, 2, 5, half}, dt = {0, 1, 0, 0};
  CHECK(__enzyme_fwddiff((void *)work, enzyme_dup, &t, &dt, enzyme_const, f), 5 * f * f / 2);

  double x = 1.2;
  CHECK(__enzyme_autodiff((void *)made_inside, x), 1.5 * 4 * x * x * x);
  CHECK(__enzyme_fwddiff((void *)made_inside, x, 1.0), 1.5 * 4 * x * x * x);
  CHECK(__enzyme_autodiff((void *)on_heap, enzyme_out, x, enzyme_const, 1), 8 * x);
  CHECK(__enzyme_autodiff((void *)on_heap, enzyme_out, x, enzyme_const, 0), 4 * 3 * x * x);
  CHECK_END();
}
