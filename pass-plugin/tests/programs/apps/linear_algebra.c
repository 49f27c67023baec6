// What: determinant by elimination with pivoting, linear solve, Cholesky log-determinant, matrix inverse: closed-form gradients.
// Covers: control nested loops; memory variable length array
#include "check.h"
#include "enzyme.h"
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double determinant(const double *a, int n) {
  double m[n][n], det = 1;
  memcpy(m, a, n * n * sizeof(double));
  for (int k = 0; k < n; k++) {
    int p = k;
    for (int i = k + 1; i < n; i++)
      if (fabs(m[i][k]) > fabs(m[p][k]))
        p = i;
    if (p != k) {
      for (int j = 0; j < n; j++) {
        double t = m[k][j];
        m[k][j] = m[p][j];
        m[p][j] = t;
      }
      det = -det;
    }
    det *= m[k][k];
    for (int i = k + 1; i < n; i++) {
      double f = m[i][k] / m[k][k];
      for (int j = k; j < n; j++)
        m[i][j] -= f * m[k][j];
    }
  }
  return det;
}

static void solve(double *a, double *b, int n) {
  for (int k = 0; k < n; k++)
    for (int i = k + 1; i < n; i++) {
      double f = a[i * n + k] / a[k * n + k];
      for (int j = k; j < n; j++)
        a[i * n + j] -= f * a[k * n + j];
      b[i] -= f * b[k];
    }
  for (int i = n - 1; i >= 0; i--) {
    for (int j = i + 1; j < n; j++)
      b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
}

static double solution_sum(const double *a, const double *b, const double *c, int n) {
  double *m = malloc(n * n * sizeof(double)), *x = malloc(n * sizeof(double)), s = 0;
  memcpy(m, a, n * n * sizeof(double));
  memcpy(x, b, n * sizeof(double));
  solve(m, x, n);
  for (int i = 0; i < n; i++)
    s += c[i] * x[i];
  free(m);
  free(x);
  return s;
}

static double cholesky_logdet(const double *a, int n) {
  double l[16] = {0}, s = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++) {
      double v = a[i * n + j];
      for (int k = 0; k < j; k++)
        v -= l[i * n + k] * l[j * n + k];
      if (i == j) {
        l[i * n + i] = sqrt(v);
        s += 2 * log(l[i * n + i]);
      } else
        l[i * n + j] = v / l[j * n + j];
    }
  return s;
}

enum { N = 4 };

/* Column c of the inverse. */
static void inverse_column(const double *a, int transposed, int c, double *x) {
  double m[N * N];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      m[i * N + j] = transposed ? a[j * N + i] : a[i * N + j];
  for (int i = 0; i < N; i++)
    x[i] = i == c;
  solve(m, x, N);
}

int main(void) {
  double a[N * N], da[N * N] = {0}, inv[N][N];
  for (int i = 0; i < N * N; i++)
    a[i] = sin(i * i + 1) + (i % (N + 1) == 0 ? 2 : 0);
  for (int c = 0; c < N; c++)
    inverse_column(a, 0, c, inv[c]); /* inv[c][r] = A^-1[r][c] */
  double det = determinant(a, N);
  __enzyme_autodiff((void *)determinant, enzyme_dup, a, da, enzyme_const, N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      CHECK(da[i * N + j], det * inv[i][j]); /* det * A^-T */
  double b[N] = {1, 2, -1, 0.5}, c[N] = {1, -1, 2, 3}, db[N] = {0}, x[N] = {0}, y[N] = {0};
  memset(da, 0, sizeof da);
  __enzyme_autodiff((void *)solution_sum, enzyme_dup, a, da, enzyme_dup, b, db, enzyme_const, c, enzyme_const, N);
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) {
      x[i] += inv[k][i] * b[k];
      y[i] += inv[i][k] * c[k];
    }
  for (int i = 0; i < N; i++) {
    CHECK(db[i], y[i]);
    for (int j = 0; j < N; j++)
      CHECK(da[i * N + j], -y[i] * x[j]);
  }
  /* A symmetric positive matrix: d logdet / d A = A^-1, but only the lower half is read. */
  double s[N * N], ds[N * N] = {0}, t[N * N] = {0};
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      s[i * N + j] = (i == j ? 3 : 0) + 1.0 / (1 + i + j);
  for (int k = 0; k < N; k++)
    inverse_column(s, 0, k, inv[k]);
  __enzyme_autodiff((void *)cholesky_logdet, enzyme_dup, s, ds, enzyme_const, N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      CHECK(ds[i * N + j], j > i ? 0 : (i == j ? 1 : 2) * inv[i][j]);
  t[4] = 1;
  CHECK(__enzyme_fwddiff((void *)cholesky_logdet, enzyme_dup, s, t, enzyme_const, N), ds[4]);
  CHECK_END();
}
