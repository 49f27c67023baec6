// What: functions that only copy: nothing in them says what.
// Covers: types copies of untyped memory; intrinsic llvm.memcpy; intrinsic llvm.memmove
#include "agree.h"
#include <string.h>
static void cp(double *x, double *y, int n) { memcpy(y, x, n * sizeof(double)); }
static void mv(double *x, double *y, int n) { memmove(y, x, n * sizeof(double)); }
static void cpv(void *x, void *y, int n) { memcpy(y, x, n); }
static void cp8(double *x, double *y, int n) { (void)n; memcpy(y, x, 8); }
static void cp32(double *x, double *y, int n) { (void)n; memcpy(y, x, 32); }
struct s { double a, b, c; }; struct m { double a; int k; double b; };
static void assign(struct s *x, struct s *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
static void assignm(struct m *x, struct m *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
static void idd(double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
static void fcp(float *x, float *y, int n) { memcpy(y, x, n * sizeof(float)); }
#define T(f, nn, cnt) do { double x[6] = {1,2,3,4,5,6}, dx[6] = {0}, y[6] = {0}, dy[6] = {1,2,3,4,5,6}; \
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy, enzyme_const, nn); \
  for (int i = 0; i < 6; i++) { CHECK(y[i], i < cnt ? i + 1 : 0); CHECK(dx[i], i < cnt ? i + 1 : 0); CHECK(dy[i], i < cnt ? 0 : i + 1); } \
  double tx[6] = {6,5,4,3,2,1}, ty[6] = {0}; \
  __enzyme_fwddiff((void *)f, enzyme_dup, x, tx, enzyme_dup, y, ty, enzyme_const, nn); \
  for (int i = 0; i < 6; i++) CHECK(ty[i], i < cnt ? 6 - i : 0); } while (0)
int main(void) {
  T(cp, 6, 6); T(mv, 5, 5); T(cpv, 32, 4); T(cp8, 1, 1); T(cp32, 1, 4); T(assign, 2, 6); T(idd, 6, 6);
  struct m a[2] = {{1, 2, 3}, {4, 5, 6}}, da[2] = {{0, 0, 0}, {0, 0, 0}}, b[2] = {{0}}, db[2] = {{1, 0, 2}, {3, 0, 4}};
  __enzyme_autodiff((void *)assignm, enzyme_dup, a, da, enzyme_dup, b, db, enzyme_const, 2);
  CHECK(da[0].a, 1); CHECK(da[0].b, 2); CHECK(da[1].a, 3); CHECK(da[1].b, 4); CHECK(db[1].b, 0); CHECK(b[1].k, 5);
  float u[3] = {1,2,3}, du[3] = {0}, v[3] = {0}, dv[3] = {1,2,3};
  __enzyme_autodiff((void *)fcp, enzyme_dup, u, du, enzyme_dup, v, dv, enzyme_const, 3);
  CHECK(du[2], 3); CHECK(dv[2], 0);
  CHECK_END();
}
