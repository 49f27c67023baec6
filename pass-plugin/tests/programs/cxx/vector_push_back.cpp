// What: a vector that grows inside the primal, then std::accumulate and std::inner_product over it.
// Covers: c++ std::vector; c++ std::accumulate; c++ std::inner_product; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"
#include <numeric>
#include <vector>

static double powers(double x, int n) {
  std::vector<double> v;
  double p = 1;
  for (int i = 0; i < n; i++) {
    p *= x;
    v.push_back(p);
  }
  return std::accumulate(v.begin(), v.end(), 0.0);
}

static double squares(const double *x, int n) {
  std::vector<double> v(x, x + n), w;
  for (double e : v)
    w.push_back(2 * e);
  return std::inner_product(v.begin(), v.end(), w.begin(), 0.0);
}

int main() {
  double want = 0;
  for (int i = 1; i <= 10; i++)
    want += i * pow(1.1, i - 1);
  CHECK(__enzyme_autodiff<double>((void *)powers, enzyme_out, 1.1, enzyme_const, 10), want);
  CHECK(__enzyme_fwddiff<double>((void *)powers, enzyme_dup, 1.1, 1.0, enzyme_const, 10), want);
  CHECK(__enzyme_autodiff<double>((void *)powers, enzyme_out, 1.1, enzyme_const, 0), 0);
  double x[4] = {1, -2, 3, 0.5}, dx[4] = {};
  __enzyme_autodiff<void>((void *)squares, enzyme_dup, x, dx, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    CHECK(dx[i], 4 * x[i]);
  CHECK_END();
}
