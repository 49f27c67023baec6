// What: std::sort, std::reverse, std::max_element, std::transform, std::partial_sum, nth_element, std::rotate.
// Covers: c++ std::sort; c++ std::transform; c++ std::max_element; c++ std::partial_sum
#include "check.h"
#include "enzyme.h"
#include <algorithm>
#include <numeric>
#include <vector>

// Sorted ascending, the i-th smallest has weight i + 1.
static double ranks(const double *x, int n) {
  std::vector<double> v(x, x + n);
  std::sort(v.begin(), v.end());
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += (i + 1) * v[i] * v[i];
  return sum;
}

static double chain(const double *x, int n) {
  std::vector<double> v(n), s(n);
  std::transform(x, x + n, v.begin(), [](double e) { return e * e; });
  std::partial_sum(v.begin(), v.end(), s.begin());
  std::reverse(s.begin(), s.end());
  std::rotate(s.begin(), s.begin() + 1, s.end());
  double m = *std::max_element(s.begin(), s.end());
  return s[0] * 2 + m;
}

static double descending(double *x, int n) {
  std::sort(x, x + n, [](double a, double b) { return a > b; });
  return x[0] - 3 * x[n - 1];
}

int main() {
  double x[6] = {3, -1, 0.5, 7, 2, -4}, dx[6] = {};
  int rank[6] = {5, 2, 3, 6, 4, 1};
  __enzyme_autodiff<void>((void *)ranks, enzyme_dup, x, dx, enzyme_const, 6);
  for (int i = 0; i < 6; i++)
    CHECK(dx[i], 2 * rank[i] * x[i]);
  double t[6] = {1, 1, 1, 1, 1, 1}, total = 0;
  for (int i = 0; i < 6; i++)
    total += dx[i];
  CHECK(__enzyme_fwddiff<double>((void *)ranks, enzyme_dup, x, t, enzyme_const, 6), total);
  double y[4] = {1, 2, 3, 4}, dy[4] = {};
  __enzyme_autodiff<void>((void *)chain, enzyme_dup, y, dy, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    CHECK(dy[i], 2 * y[i] * ((i < 3 ? 2 : 0) + 1));
  double z[4] = {1, 9, -3, 4}, dz[4] = {};
  __enzyme_autodiff<void>((void *)descending, enzyme_dup, z, dz, enzyme_const, 4);
  CHECK(dz[0], 0);
  CHECK(dz[1], 1);
  CHECK(dz[2], -3);
  CHECK(dz[3], 0);
  CHECK_END();
}
