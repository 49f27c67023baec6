// What: double, float and long double complex arithmetic: C's operators, which call the compiler's library, and complex.h.
// Covers: types double _Complex; types float _Complex; types long double _Complex; function __muldc3; function __divdc3; function cabs
#include "check.h"
#include "enzyme.h"
#include <complex.h>
double __enzyme_autodiff_d(void *, ...);
float __enzyme_autodiff_f(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
float __enzyme_fwddiff_f(void *, ...);

/* Re((x + i)^2 * (1 - 2xi)) */
static double poly(double x) {
  double _Complex z = x + 1.0 * I;
  double _Complex w = z * z * (1.0 - 2.0 * x * I);
  return creal(w);
}
static double poly_d(double x) { /* (x²-1) + 4x² */ return 2 * x + 8 * x; }

static double quotient(double x) {
  double _Complex z = x + 2.0 * I;
  double _Complex w = (1.0 + x * I) / z;
  return cimag(w);
}
/* (1+xi)(x-2i)/(x²+4): Im = (x² - 2)/(x²+4) */
static double quotient_d(double x) { double n = x * x + 4; return (2 * x * n - (x * x - 2) * 2 * x) / (n * n); }

static double magnitude(double x) {
  double _Complex z = x * x + x * I;
  return cabs(z) + creal(conj(z));
}
static double magnitude_d(double x) {
  double m = sqrt(x * x * x * x + x * x);
  return (4 * x * x * x + 2 * x) / (2 * m) + 2 * x;
}
static float narrow(float x) {
  float _Complex z = x + 2.0f * I;
  float _Complex w = z * z / (1.0f + x * I);
  return crealf(w) + cimagf(w);
}
static double narrow_check(double x) {
  double _Complex z = x + 2.0 * I;
  double _Complex w = z * z / (1.0 + x * I);
  double _Complex dw = (2 * z * (1.0 + x * I) - z * z * I) / ((1.0 + x * I) * (1.0 + x * I));
  (void)w;
  return creal(dw) + cimag(dw);
}
static double wide(double x) {
  long double _Complex z = (long double)x + 2.0L * I;
  long double _Complex w = z * z / (1.0L + (long double)x * I);
  return (double)(creall(w) + cimagl(w));
}
static void through_memory(const double _Complex *in, double _Complex *out, int n) {
  for (int i = 0; i < n; i++)
    out[i] = in[i] * in[n - 1 - i] + in[i];
}
void __enzyme_autodiff_v(void *, ...);

int main(void) {
  CHECK(__enzyme_autodiff_d((void *)poly, 1.5), poly_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)poly, 1.5, 1.0), poly_d(1.5));
  CHECK(__enzyme_autodiff_d((void *)quotient, 1.5), quotient_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)quotient, 1.5, 1.0), quotient_d(1.5));
  CHECK(__enzyme_autodiff_d((void *)magnitude, 1.5), magnitude_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)magnitude, 1.5, 1.0), magnitude_d(1.5));
  CHECK_TOL(__enzyme_autodiff_f((void *)narrow, 1.5f), narrow_check(1.5), 1e-5);
  CHECK_TOL(__enzyme_fwddiff_f((void *)narrow, 1.5f, 1.0f), narrow_check(1.5), 1e-5);
  CHECK(__enzyme_autodiff_d((void *)wide, 1.5), narrow_check(1.5));
  CHECK(__enzyme_fwddiff_d((void *)wide, 1.5, 1.0), narrow_check(1.5));
  double _Complex in[3] = {1 + 2 * I, 0.5 - I, -1 + 0.25 * I}, d_in[3] = {0}, out[3], d_out[3] = {1, 0, I};
  __enzyme_autodiff_v((void *)through_memory, enzyme_dup, in, d_in, enzyme_dup, out, d_out, enzyme_const, 3);
  /* d/d re(in[2]) of re(out[0]) is re(in[0]); of im(out[2]) is im(in[0]) + 0 */
  CHECK(creal(d_in[2]), creal(in[0]) + cimag(in[0]));
  CHECK_END();
}
