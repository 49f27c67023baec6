// What: -ffast-math and its parts: arithmetic that the compiler rearranges, functions without errno, finite numbers only.
// Covers: instruction fdiv; intrinsic llvm.sqrt; function pow
// Flags: -ffast-math -fno-math-errno
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
void __enzyme_autodiff_v(void *, ...);
static double f(double x) { return sqrt(x) / pow(x, 0.25) + exp(x) * fmin(x, 2) + fabs(x - 3) + tan(x) + hypot(x, 2) + cbrt(x) + x / 7; }
static double df(double x) {
  double c = cos(x);
  return 0.25 * pow(x, -0.75) + exp(x) * (x + 1) - 1 + 1 / (c * c) + x / sqrt(x * x + 4) + 1 / (3 * pow(x, 2.0 / 3)) + 1.0 / 7;
}
static double norm(const double *v, int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += v[i] * v[i];
  return sqrt(s);
}
int main(void) {
  CHECK(__enzyme_autodiff_d((void *)f, 1.25), df(1.25));
  CHECK(__enzyme_fwddiff_d((void *)f, 1.25, 1.0), df(1.25));
  double v[9], dv[9] = {0};
  for (int i = 0; i < 9; i++)
    v[i] = i - 3.5;
  double n = norm(v, 9);
  __enzyme_autodiff_v((void *)norm, enzyme_dup, v, dv, enzyme_const, 9);
  for (int i = 0; i < 9; i++)
    CHECK(dv[i], v[i] / n);
  CHECK_END();
}
