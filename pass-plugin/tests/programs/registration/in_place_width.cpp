// What: a rule that changes memory in place is refused under a width
// Covers: registration __enzyme_register_derivative under enzyme_width
// Error: "ER0015" "overwrites memory that it reads"
#include "../cxx/derivative.h"
// A rule that changes memory in place, under a width.
__attribute__((noinline)) void scale(double *x) { *x *= 2; x[1] += 1; }
static void dscale(double *x, double *dx) { *x *= 2; x[1] += 1; *dx *= 2; }
void *__enzyme_register_derivative_scale[2] = {(void *)scale, (void *)dscale};
double f(double *x) { scale(x); return x[0] * x[0] + x[1]; }
struct R2 { double a, b; };
extern int enzyme_width;
int main() { double x[2] = {3, 5}, t1[2] = {1, 0}, t2[2] = {0, 1};
  R2 r = __enzyme_fwddiff<R2>((void *)f, enzyme_width, 2, enzyme_dup, x, t1, t2);
  CHECK(r.a, 2 * 6 * 2); CHECK(r.b, 1); CHECK(x[0], 6); CHECK(x[1], 6); CHECK_END(); }
