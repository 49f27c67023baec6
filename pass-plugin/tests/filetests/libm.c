/* Functions that have a derivative rule and that the C library of the machine may lack: C23's pi functions, those of
 * other languages and libraries, and our own runtime's. Linked into every test program; each is written down for
 * arguments near those of the tests and to nearly the precision of double. */
#include <math.h>

static const double pi = 3.14159265358979323846;

double rsqrt(double x) { return 1 / sqrt(x); }
double exp2m1(double x) { return expm1(x * log(2)); }
double exp10m1(double x) { return expm1(x * log(10)); }
double log2p1(double x) { return log1p(x) / log(2); }
double log10p1(double x) { return log1p(x) / log(10); }
double xlogy_jl(double x, double y) { return x * log(y); }

double sinpi(double x) { return sin(pi * x); }
double cospi(double x) { return cos(pi * x); }
double tanpi(double x) { return tan(pi * x); }
double asinpi(double x) { return asin(x) / pi; }
double acospi(double x) { return acos(x) / pi; }
double atanpi(double x) { return atan(x) / pi; }
double atan2pi(double y, double x) { return atan2(y, x) / pi; }
double sinc(double x) { return x == 0 ? 1 : sin(x) / x; }
double sincn(double x) { return sinc(pi * x); }

double fminimum(double x, double y) { return x != x || x < y ? x : y; }
double fmaximum(double x, double y) { return x != x || x > y ? x : y; }

/* The power series, good for small arguments: 2/sqrt(pi) sum x^(2n+1) / (n! (2n+1)). */
double erfi(double x) {
  double power = x, sum = 0;
  for (int n = 0; n < 60; n++) {
    sum += power / (2 * n + 1);
    power *= x * x / (n + 1);
  }
  return 2 / sqrt(pi) * sum;
}

double erfcx(double x) { return exp(x * x) * erfc(x); }
double Faddeeva_dawson_re(double x) { return sqrt(pi) / 2 * exp(-x * x) * erfi(x); }

/* Newton's method, until it no longer moves. */
double erfinv(double y) {
  double x = 0;
  for (int n = 0; n < 60; n++)
    x -= (erf(x) - y) / (2 / sqrt(pi) * exp(-x * x));
  return x;
}

double erfcinv(double y) { return erfinv(1 - y); }

/* Derivatives of the logarithm of the gamma function, for positive arguments: recurrence up, then the asymptotic series. */
double digamma(double x) __asm__("enzyme_rs.digamma.f64");
double trigamma(double x) __asm__("enzyme_rs.trigamma.f64");

double digamma(double x) {
  double sum = 0;
  for (; x < 20; x++)
    sum -= 1 / x;
  double s = 1 / (x * x);
  return sum + log(x) - 0.5 / x - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
}

double trigamma(double x) {
  double sum = 0;
  for (; x < 20; x++)
    sum += 1 / (x * x);
  double s = 1 / (x * x);
  return sum + 1 / x + s / 2 + s / x * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * 5 / 66))));
}
