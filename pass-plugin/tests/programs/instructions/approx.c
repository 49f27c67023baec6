// What: approximations that work on the bits of floats as numbers: logarithm by the exponent, exponential by making one, powers of both.
// Covers: instruction sitofp; instruction fptosi
#include "check.h"
#include "enzyme.h"
#include <stdint.h>
#include <string.h>
float __enzyme_autodiff_f(void *, ...);
float __enzyme_fwddiff_f(void *, ...);
double __enzyme_autodiff_d(void *, ...);
static float fast_log2(float x) {
  union { float f; uint32_t i; } vx = {x}, mx = {.i = (vx.i & 0x007FFFFF) | 0x3f000000};
  float y = vx.i;
  y *= 1.1920928955078125e-7f;
  return y - 124.22551499f - 1.498030302f * mx.f - 1.72587999f / (0.3520887068f + mx.f);
}
static double fast_exp(double x) {
  int64_t i = (int64_t)(6497320848556798.0 * x + 4606794787981430020.0);
  double d;
  memcpy(&d, &i, 8);
  return d;
}
int main(void) {
  /* The derivative of the approximation itself: 1/(2^e) 2^-... and of the fractions in mx. */
  float x = 6.5f, m = x / 16, dm = 1 / 16.0f; /* x = 1.625 * 4, m = x/8/... in [0.5, 1) */
  m = x / 8;
  dm = 1 / 8.0f;
  float want = 1 / 4.0f - 1.498030302f * dm + 1.72587999f * dm / ((0.3520887068f + m) * (0.3520887068f + m));
  CHECK_TOL(__enzyme_autodiff_f((void *)fast_log2, x), want, 1e-5);
  CHECK_TOL(__enzyme_fwddiff_f((void *)fast_log2, x, 1.0f), want, 1e-5);
  double h = 1e-4, fd = (fast_exp(1.1 + h) - fast_exp(1.1 - h)) / (2 * h);
  CHECK_TOL(__enzyme_autodiff_d((void *)fast_exp, 1.1), fd, 1e-6);
  CHECK_END();
}
