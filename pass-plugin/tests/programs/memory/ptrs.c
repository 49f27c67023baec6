// What: pointer-to-pointer matrices, 2D arrays, negative offsets, pointers as integers, 1-based arrays.
// Covers: memory pointers to pointers; instruction inttoptr; instruction ptrtoint
#include "agree.h"
#include <stdint.h>
static double f(double *x, int n) {
  double **m = malloc(n * sizeof *m);
  for (int i = 0; i < n; i++) { m[i] = malloc(n * sizeof **m); for (int j = 0; j < n; j++) m[i][j] = x[i] * x[j] + i; }
  double *t = m[0]; m[0] = m[n - 1]; m[n - 1] = t;
  double r = 0;
  for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) r += (i + 2 * j) * m[i][j] * m[j][i];
  for (int i = 0; i < n; i++) free(m[i]);
  free(m);
  return r;
}
static double g(double *x, int n) {
  double a[8][8], *v = x - 1; double r = 0;
  for (int i = 1; i <= n; i++) for (int j = 1; j <= n; j++) a[i - 1][j - 1] = v[i] * v[j];
  double *end = x + n;
  for (int i = 1; i <= n; i++) r += i * end[-i] * a[i - 1][n - i];
  return r;
}
static double h(double *x, int n) {
  uintptr_t p = (uintptr_t)x; uintptr_t table[8]; double r = 0;
  for (int i = 0; i < n; i++) table[i] = p + (size_t)(n - 1 - i) * sizeof(double);
  for (int i = 0; i < n; i++) { double v = *(double *)table[i]; r += (i + 1) * v * v; }
  return r;
}
static double get(double (*a)[3], int n) { double r = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 3; j++) r += (i + j) * a[i][j] * a[i][j]; return r; }
int main(void) {
  AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5});
  double a[2][3] = {{1,2,3},{4,5,6}}, d[2][3] = {{0}};
  __enzyme_autodiff((void *)get, enzyme_dup, a, d, enzyme_const, 2);
  CHECK(d[1][2], 36); CHECK(d[0][1], 4);
  CHECK_END();
}
