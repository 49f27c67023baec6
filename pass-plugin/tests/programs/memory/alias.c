// What: equal and overlapping arguments and shadows.
// Covers: memory equal arguments; memory overlapping arguments
#include "agree.h"
static void axpy(double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i] * x[i] + 2 * y[i]; }
static double dot(const double *x, const double *y, int n) { double r = 0; for (int i = 0; i < n; i++) r += x[i] * y[i]; return r; }
static void shift(double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i] * x[i]; }
static void add(const double *restrict x, const double *restrict y, double *o) { *o = *x * *y * *y; }
int main(void) {
  double x[3] = {1,2,3}, d[3] = {0};
  __enzyme_autodiff((void *)dot, enzyme_dup, x, d, enzyme_dup, x, d, enzyme_const, 3);
  CHECK(d[0], 2); CHECK(d[2], 6);
  double a[3] = {1,2,3}, da[3] = {1,1,1};
  __enzyme_autodiff((void *)axpy, enzyme_dup, a, da, enzyme_dup, a, da, enzyme_const, 3);
  CHECK(a[1], 8); CHECK(da[1], 6); CHECK(da[2], 8);
  double b[4] = {2,3,4,5}, db[4] = {0,0,0,1};
  __enzyme_autodiff((void *)shift, enzyme_dup, b, db, enzyme_dup, b + 1, db + 1, enzyme_const, 3);
  CHECK(b[3], 256); CHECK(db[0], 8 * 128.0 ); CHECK(db[3], 0);
  double c = 2, dc = 0, o, dо = 1;
  __enzyme_autodiff((void *)add, enzyme_dup, &c, &dc, enzyme_dup, &c, &dc, enzyme_dup, &o, &dо);
  CHECK(dc, 12);
  double t[4] = {2,3,4,5}, tt[4] = {1,0,0,0};
  __enzyme_fwddiff((void *)shift, enzyme_dup, t, tt, enzyme_dup, t + 1, tt + 1, enzyme_const, 3);
  CHECK(tt[3], 8 * 128.0);
  CHECK_END();
}
