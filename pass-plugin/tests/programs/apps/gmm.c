// What: log-likelihood of a mixture of Gaussians with logsumexp: gradient against responsibilities.
// Covers: control nested loops; function exp; function log
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double logsumexp(const double *v, int n) {
  double top = v[0];
  for (int i = 1; i < n; i++)
    top = v[i] > top ? v[i] : top;
  double s = 0;
  for (int i = 0; i < n; i++)
    s += exp(v[i] - top);
  return top + log(s);
}

static double likelihood(const double *alpha, const double *mean, const double *logsigma, const double *x, int n, int k) {
  double total = 0;
  double *terms = malloc(k * sizeof(double));
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < k; j++) {
      double z = (x[i] - mean[j]) / exp(logsigma[j]);
      terms[j] = alpha[j] - logsigma[j] - 0.5 * z * z;
    }
    total += logsumexp(terms, k);
  }
  free(terms);
  return total - n * logsumexp(alpha, k);
}

enum { N = 6, K = 3 };

int main(void) {
  double alpha[K] = {0.1, -0.5, 0.7}, mean[K] = {-1, 0.5, 2}, sigma[K] = {0.1, -0.3, 0.4};
  double x[N] = {-1.5, -0.7, 0.2, 0.9, 1.8, 2.9}, da[K] = {0}, dm[K] = {0}, ds[K] = {0};
  __enzyme_autodiff((void *)likelihood, enzyme_dup, alpha, da, enzyme_dup, mean, dm, enzyme_dup, sigma, ds, enzyme_const,
                    x, enzyme_const, N, enzyme_const, K);
  double wa[K] = {0}, wm[K] = {0}, ws[K] = {0}, norm = exp(alpha[0]) + exp(alpha[1]) + exp(alpha[2]);
  for (int i = 0; i < N; i++) {
    double r[K], s = 0;
    for (int j = 0; j < K; j++) {
      double z = (x[i] - mean[j]) / exp(sigma[j]);
      s += r[j] = exp(alpha[j] - sigma[j] - 0.5 * z * z);
    }
    for (int j = 0; j < K; j++) {
      double z = (x[i] - mean[j]) / exp(sigma[j]);
      wa[j] += r[j] / s - exp(alpha[j]) / norm;
      wm[j] += r[j] / s * z / exp(sigma[j]);
      ws[j] += r[j] / s * (z * z - 1);
    }
  }
  for (int j = 0; j < K; j++) {
    CHECK(da[j], wa[j]);
    CHECK(dm[j], wm[j]);
    CHECK(ds[j], ws[j]);
  }
  double t[K] = {1, 2, 3};
  CHECK(__enzyme_fwddiff((void *)likelihood, enzyme_const, alpha, enzyme_dup, mean, t, enzyme_const, sigma, enzyme_const,
                         x, enzyme_const, N, enzyme_const, K),
        dm[0] + 2 * dm[1] + 3 * dm[2]);
  CHECK_END();
}
