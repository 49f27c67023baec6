// What: type hints.
// Covers: hint __enzyme_float; hint __enzyme_double; hint __enzyme_integer; hint __enzyme_pointer
#include "agree.h"
#include <string.h>
static void cp(char *x, char *y, int n) { __enzyme_double(x, 48); memcpy(y, x, n); }
static void cf(char *x, char *y, int n) { __enzyme_float(x, -1); memcpy(y, x, n); }
struct m { long k; double a; };
static void cm(struct m *x, struct m *y, int n) { __enzyme_integer(&x->k, 8); __enzyme_double(&x->a); memcpy(y, x, n * sizeof *x); }
struct pp { double *p; long n; };
static double ci(struct pp *x, int n) { struct pp y; __enzyme_pointer(x); memcpy(&y, x, sizeof y); double r = 0; for (int i = 0; i < n; i++) r += y.p[i] * y.p[i]; return r; }
int main(void) {
  double x[6] = {1,2,3,4,5,6}, dx[6] = {0}, y[6], dy[6] = {1,2,3,4,5,6};
  __enzyme_autodiff((void *)cp, enzyme_dup, x, dx, enzyme_dup, y, dy, enzyme_const, 48);
  CHECK(dx[5], 6); CHECK(dy[5], 0);
  float u[3] = {1,2,3}, du[3] = {0}, v[3] = {0}, dv[3] = {1,2,3};
  __enzyme_autodiff((void *)cf, enzyme_dup, u, du, enzyme_dup, v, dv, enzyme_const, 12);
  CHECK(du[2], 3); CHECK(dv[2], 0);
  struct m a[2] = {{1, 2}, {3, 4}}, da[2] = {{0, 0}}, b[2], db[2] = {{0, 1}, {0, 2}};
  __enzyme_autodiff((void *)cm, enzyme_dup, a, da, enzyme_dup, b, db, enzyme_const, 2);
  CHECK(da[1].a, 2); CHECK(db[1].a, 0); CHECK(b[1].k, 3);
  double q[2] = {3, 4}, dq[2] = {0}; struct pp s = {q, 2}, ds = {dq, 2};
  __enzyme_autodiff((void *)ci, enzyme_dup, &s, &ds, enzyme_const, 2);
  CHECK(dq[1], 8);
  CHECK_END();
}
