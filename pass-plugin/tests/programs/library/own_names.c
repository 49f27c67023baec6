// What: functions of the program's own that are named like the library's are differentiated by their bodies
// Covers: function user-defined libm name; function user-defined inactive name
// Flags: -fno-builtin
#include <stdio.h>
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
static int failures = 0;
#define CHECK(got, want) { double is = got, be = want; if (is - be > 1e-9 || be - is > 1e-9) { printf("%d: %s is %g, not %g\n", __LINE__, #got, is, be); failures++; } }
double tgamma(double x) { return x * x * x; }
double sinh(double x) { return 5 * x; }
double floor(double x) { return x * x; }
double rand(double x) { return x * 7; }
double step(double x) { return x * 3; }
double write(double x) { return x * 11; }
double index(double x) { return x * 13; }
double drand48(double x) { return x * 17; }
static double random(double x) { return x * 19; }
void *memcpy_(double *d, const double *s) { *d = *s * 2; return d; }
void bcopy(double *d, const double *s, int n) { for (int i = 0; i < n; i++) d[i] = 4 * s[i]; }
double hypot(double x, double y) { return x * y; }
double f(double x) { return tgamma(x) + sinh(x) + floor(x) + rand(x) + step(x) + write(x) + index(x) + drand48(x) + random(x); }
double g(double x) { double a = x, b = 0; memcpy_(&b, &a); double c; bcopy(&c, &b, 1); return hypot(c, x); }
int main() {
  CHECK(__enzyme_autodiff((void *)f, 2.0), 12 + 5 + 4 + 7 + 3 + 11 + 13 + 17 + 19);
  CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), 12 + 5 + 4 + 7 + 3 + 11 + 13 + 17 + 19);
  CHECK(__enzyme_autodiff((void *)g, 2.0), 2 * 8 * 2);
  return failures;
}
