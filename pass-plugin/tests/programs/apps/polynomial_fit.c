// What: gradient descent on a polynomial fit that itself calls the derivative in a loop, until the fit is exact.
// Covers: entry __enzyme_autodiff; marker enzyme_dup; marker enzyme_const
#include "check.h"
#include "enzyme.h"
void __enzyme_autodiff(void *, ...);

static double horner(const double *c, int n, double x) {
  double v = c[n - 1];
  for (int i = n - 2; i >= 0; i--)
    v = v * x + c[i];
  return v;
}

static double loss(const double *c, int n, const double *x, const double *y, int m) {
  double s = 0;
  for (int i = 0; i < m; i++) {
    double e = horner(c, n, x[i]) - y[i];
    s += e * e;
  }
  return s / m;
}

int main(void) {
  double x[9], y[9], truth[3] = {0.5, -1, 2}, c[3] = {0};
  for (int i = 0; i < 9; i++) {
    x[i] = -1 + 0.25 * i;
    y[i] = horner(truth, 3, x[i]);
  }
  for (int s = 0; s < 3000; s++) {
    double g[3] = {0};
    __enzyme_autodiff((void *)loss, enzyme_dup, c, g, enzyme_const, 3, enzyme_const, x, enzyme_const, y, enzyme_const, 9);
    if (s == 0) {
      double w[3] = {0};
      for (int i = 0; i < 9; i++)
        for (int k = 0; k < 3; k++)
          w[k] -= 2 * y[i] * pow(x[i], k) / 9;
      for (int k = 0; k < 3; k++)
        CHECK(g[k], w[k]);
    }
    for (int k = 0; k < 3; k++)
      c[k] -= 0.5 * g[k];
  }
  for (int k = 0; k < 3; k++)
    CHECK(c[k], truth[k]);
  CHECK_END();
}
