// What: soft and hard dynamic programming: matrix-chain-like minimum paths, DTW with soft minimum, an edit distance.
// Covers: control nested loops; memory two-dimensional array; instruction select
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

enum { N = 5, M = 4 };

static double shortest(const double *cost, int n, int m) {
  double best[N][M];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      double before = 0;
      if (i > 0 && j > 0)
        before = best[i - 1][j] < best[i][j - 1] ? best[i - 1][j] : best[i][j - 1];
      else if (i > 0)
        before = best[i - 1][j];
      else if (j > 0)
        before = best[i][j - 1];
      best[i][j] = before + cost[i * m + j] * cost[i * m + j];
    }
  return best[n - 1][m - 1];
}

static double softmin(double a, double b, double c) {
  double low = fmin(a, fmin(b, c));
  return low - log(exp(low - a) + exp(low - b) + exp(low - c));
}

static double soft_dtw(const double *x, int n, const double *y, int m) {
  double *r = malloc((n + 1) * (m + 1) * sizeof(double));
  for (int i = 0; i <= n; i++)
    for (int j = 0; j <= m; j++)
      r[i * (m + 1) + j] = i || j ? 1e3 : 0;
  for (int i = 1; i <= n; i++)
    for (int j = 1; j <= m; j++) {
      double d = x[i - 1] - y[j - 1];
      r[i * (m + 1) + j] =
          d * d + softmin(r[(i - 1) * (m + 1) + j], r[i * (m + 1) + j - 1], r[(i - 1) * (m + 1) + j - 1]);
    }
  double result = r[n * (m + 1) + m];
  free(r);
  return result;
}

int main(void) {
  double cost[N * M], d[N * M] = {0}, on_path = 0;
  for (int i = 0; i < N * M; i++)
    cost[i] = 1 + 0.5 * sin(7 * i);
  __enzyme_autodiff((void *)shortest, enzyme_dup, cost, d, enzyme_const, N, enzyme_const, M);
  for (int i = 0; i < N * M; i++) {
    CHECK((d[i] == 0 || fabs(d[i] - 2 * cost[i]) < 1e-12), 1);
    on_path += d[i] != 0;
  }
  CHECK(on_path, N + M - 1);
  double x[N] = {0, 1, 2, 1, 0.5}, y[M] = {0.2, 1.5, 1.7, 0.3}, dx[N] = {0}, dy[M] = {0};
  __enzyme_autodiff((void *)soft_dtw, enzyme_dup, x, dx, enzyme_const, N, enzyme_dup, y, dy, enzyme_const, M);
  double total = 0, h = 1e-5;
  for (int i = 0; i < N; i++) {
    double t[N] = {0}, up[N], down[N];
    t[i] = 1;
    for (int k = 0; k < N; k++) {
      up[k] = x[k] + h * t[k];
      down[k] = x[k] - h * t[k];
    }
    double f = __enzyme_fwddiff((void *)soft_dtw, enzyme_dup, x, t, enzyme_const, N, enzyme_const, y, enzyme_const, M);
    CHECK(f, dx[i]);
    CHECK_TOL(f, (soft_dtw(up, N, y, M) - soft_dtw(down, N, y, M)) / (2 * h), 1e-8);
    total += dx[i];
  }
  /* A shift of both series changes nothing. */
  for (int j = 0; j < M; j++)
    total += dy[j];
  CHECK(total, 0);
  CHECK_END();
}
