// What: the plainest gradients: one scalar, two scalars, an array, each entry point declared as users do.
// Covers: entry __enzyme_autodiff; entry __enzyme_fwddiff; marker enzyme_out; marker enzyme_dup; marker enzyme_const
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
struct pair {
  double x, y;
};
struct pair __enzyme_autodiff_pair(void *, ...);

static double square(double x) { return x * x; }
static double power(double x, double y) { return pow(x, y); }
static double weighted(const double *p, int n, double w) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += w * p[i] * p[i];
  return sum;
}

int main(void) {
  CHECK(__enzyme_autodiff((void *)square, 3.0), 6);
  CHECK(__enzyme_fwddiff((void *)square, 3.0, 2.0), 12);
  struct pair d = __enzyme_autodiff_pair((void *)power, 2.0, 3.0);
  CHECK(d.x, 12);
  CHECK(d.y, 8 * log(2));
  double p[3] = {1, 2, 3}, dp[3] = {0, 0, 1};
  double dw = __enzyme_autodiff((void *)weighted, enzyme_dup, p, dp, enzyme_const, 3, enzyme_out, 0.5);
  CHECK(dw, 14);
  CHECK(dp[0], 1);
  CHECK(dp[1], 2);
  CHECK(dp[2], 4);
  double t[3] = {1, 1, 1};
  CHECK(__enzyme_fwddiff((void *)weighted, enzyme_dup, p, t, 3, 0.5, 1.0), 6 + 14);
  CHECK_END();
}
