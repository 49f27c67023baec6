// What: k-means: assignment by comparisons, means as sums over data-dependent indices, several rounds.
// Covers: memory data-dependent index; control branch on active values
#include "check.h"
#include "enzyme.h"
#include <string.h>
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

enum { N = 9, K = 3, D = 2 };

static double kmeans(const double *points, int rounds) {
  double center[K][D];
  memcpy(center, points, sizeof center);
  double loss = 0;
  for (int r = 0; r < rounds; r++) {
    double sum[K][D] = {{0}};
    int count[K] = {0};
    loss = 0;
    for (int i = 0; i < N; i++) {
      int best = 0;
      double nearest = 1e30;
      for (int k = 0; k < K; k++) {
        double d2 = 0;
        for (int c = 0; c < D; c++) {
          double d = points[i * D + c] - center[k][c];
          d2 += d * d;
        }
        if (d2 < nearest) {
          nearest = d2;
          best = k;
        }
      }
      loss += nearest;
      count[best]++;
      for (int c = 0; c < D; c++)
        sum[best][c] += points[i * D + c];
    }
    for (int k = 0; k < K; k++)
      if (count[k])
        for (int c = 0; c < D; c++)
          center[k][c] = sum[k][c] / count[k];
  }
  return loss;
}

int main(void) {
  double p[N * D], d[N * D] = {0}, t[N * D];
  for (int i = 0; i < N; i++)
    for (int c = 0; c < D; c++)
      p[i * D + c] = 5 * ((i + c) % K) + sin(5 * i + 3 * c);
  __enzyme_autodiff((void *)kmeans, enzyme_dup, p, d, enzyme_const, 4);
  /* Converged: the gradient is twice the distance to the mean of the cluster i % K. */
  for (int i = 0; i < N; i++)
    for (int c = 0; c < D; c++) {
      double mean = (p[i % K * D + c] + p[(i % K + 3) * D + c] + p[(i % K + 6) * D + c]) / 3;
      CHECK(d[i * D + c], 2 * (p[i * D + c] - mean));
      memset(t, 0, sizeof t);
      t[i * D + c] = 1;
      CHECK(__enzyme_fwddiff((void *)kmeans, enzyme_dup, p, t, enzyme_const, 4), d[i * D + c]);
    }
  CHECK_END();
}
