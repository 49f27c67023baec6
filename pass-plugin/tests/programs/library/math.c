// What: functions with results through pointers, integer results, all three precisions, and complex numbers in all ABIs
// Covers: function frexp; function modf; function remquo; function lgamma_r; function sincos; function ldexp; function cabs; function cexp; function csqrt; function cpow; function __mulsc3; function __divsc3; function __mulxc3; function __divxc3; types x86_fp80; types complex
// Flags: -Wno-everything
#define _GNU_SOURCE
#include "../check.h"
#include <complex.h>
extern double __enzyme_autodiff(void *, ...);
extern float __enzyme_autodifff(void *, ...);
extern long double __enzyme_autodiffl(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
double m_frexp(double x) { int e; double m = frexp(x, &e); return m * m + e * x; }
double m_modf(double x) { double i; double f = modf(x, &i); return f * f + i * x; }
float m_modff(float x) { float i; float f = modff(x, &i); return f * f + i * x; }
double m_remquo(double x) { int q; double r = remquo(x, 1.5, &q); return r * r + q * x; }
double m_ldexp(double x) { return ldexp(x * x, 3) + scalbn(x, 2) + scalbln(x, 1L); }
double m_lgamma(double x) { int s; return lgamma_r(x, &s) * s + lgamma(x); }
double m_sincos(double x) { double s, c; sincos(x, &s, &c); return s * c; }
double m_ilogb(double x) { return ilogb(x) * x + logb(x) * x; }
double m_nan(double x) { return isnan(x) || isinf(x) || !isfinite(x) ? nan("") : x * x; }
double m_fma(double x) { return fma(x, x, x) + fmax(x, 1) * fmin(x, 1) + fdim(x, 1); }
double m_next(double x) { return nextafter(x, 10) + copysign(x, -1) + trunc(x) * x + rint(x) * round(x) + lround(x) * x; }
double m_cabs(double x) { double complex z = x + 2 * x * I; return cabs(z) + creal(z * z) + cimag(z); }
double m_cdiv(double x) { double complex z = x + 2 * I, w = 1 + x * I; double complex q = z / w * z; return creal(q) + 2 * cimag(q); }
double m_cfloat(double x) { float complex z = (float)x + 2 * I, w = 1 + (float)x * I; float complex q = z * w; return crealf(q) + 2 * cimagf(q); }
double m_clong(double x) { long double complex z = x + 2 * I, w = 1 + x * I; long double complex q = z * w; return creall(q) + 2 * cimagl(q); }
double m_cfdiv(double x) { float complex z = (float)x + 2 * I, w = 1 + (float)x * I; float complex q = z / w; return crealf(q) + 2 * cimagf(q); }
double m_cldiv(double x) { long double complex z = x + 2 * I, w = 1 + x * I; long double complex q = z / w; return creall(q) + 2 * cimagl(q); }
double m_conj(double x) { double complex z = x + 2 * x * I; return creal(z * conj(z)); }
double m_cexp(double x) { double complex z = x + 2 * x * I; return creal(cexp(z)) + cimag(csqrt(z)); }
double m_cfns(double x) { double complex z = x + 2 * x * I; return carg(z) * x + creal(clog(z)) + creal(csin(z)) + cimag(ccos(z)); }
double m_cpow(double x) { double complex z = x + 2 * x * I; return creal(cpow(z, 2)); }
long double m_long(long double x) { return sinl(x) * expl(x) + powl(x, 3) + sqrtl(x) + fabsl(x) + logl(x); }
float m_float(float x) { return sinf(x) * expf(x) + powf(x, 3) + sqrtf(x) + fabsf(x) + logf(x) + hypotf(x, 3) + fmaf(x,x,x); }
double m_hyp(double x) { return hypot(x, 3) + atan2(x, 3) + cbrt(x) + log1p(x) + expm1(x) + erf(x) + tgamma(x) + exp2(x) + exp10(x) + log2(x) + log10(x) + asinh(x) + acosh(x) + atanh(x / 10) + j0(x) + jn(2, x) + y1(x); }
double dd(double (*f)(double), double x) { double h = 1e-5; return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h); }
#define T(f) CHECK_TOL(__enzyme_autodiff((void *)f, 2.3), dd(f, 2.3), 1e-7); CHECK_TOL(__enzyme_fwddiff((void *)f, 2.3, 1.0), dd(f, 2.3), 1e-7)
#define TF(f, w) CHECK_TOL(__enzyme_autodiff((void *)f, 2.3), w, 1e-5); CHECK_TOL(__enzyme_fwddiff((void *)f, 2.3, 1.0), w, 1e-5)



int main() {
   T(m_frexp); T(m_modf); T(m_remquo); T(m_ldexp); T(m_lgamma); T(m_sincos); T(m_ilogb); T(m_nan); T(m_fma); T(m_next); T(m_hyp); 
   T(m_cabs); T(m_cdiv); T(m_clong); T(m_cldiv); T(m_conj); 
   T(m_cexp); T(m_cfns); T(m_cpow); 
   TF(m_cfloat, 1 - 2 + 2 * (2 * 2.3)); TF(m_cfdiv, dd(m_cldiv, 2.3)); 
  CHECK_TOL(__enzyme_autodifff((void *)m_modff, 2.5f), 2 * 0.5 + 2, 1e-6);
  double x = 2.3;
  CHECK_TOL(__enzyme_autodifff((void *)m_float, 2.3f), cos(x) * exp(x) + sin(x) * exp(x) + 3 * x * x + 0.5 / sqrt(x) + 1 + 1 / x + x / hypot(x, 3) + 2 * x + 1, 1e-5);
  CHECK_TOL(__enzyme_autodiffl((void *)m_long, 2.3L), cos(x) * exp(x) + sin(x) * exp(x) + 3 * x * x + 0.5 / sqrt(x) + 1 + 1 / x, 1e-7);
  CHECK_END();
}
