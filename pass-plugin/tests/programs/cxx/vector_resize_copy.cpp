// What: resize, reserve, copies, assignment, swap, insert, pop_back, front/back/at of std::vector.
// Covers: c++ std::vector
#include "check.h"
#include "enzyme.h"
#include <vector>

static double shuffled(const double *x, int n) {
  std::vector<double> a;
  a.reserve(2);
  a.resize(n);
  for (int i = 0; i < n; i++)
    a[i] = x[i] * x[i];
  std::vector<double> b = a;
  b.push_back(a.front() * a.back());
  b.insert(b.begin() + 1, 3 * a.at(2));
  std::vector<double> c;
  c = b;
  c.pop_back();
  std::swap(b, c);
  c.assign(3, x[0]);
  double sum = 0;
  for (std::vector<double>::const_iterator it = b.begin(); it != b.end(); ++it)
    sum += *it;
  return sum + c[0] * c[1] * c[2];
}

int main() {
  double x[3] = {0.5, -2, 3}, dx[3] = {}, t[3] = {1, 2, -1}, one[3];
  __enzyme_autodiff<void>((void *)shuffled, enzyme_dup, x, dx, enzyme_const, 3);
  // x0^2 + 3*x2^2 + x1^2 + x2^2 + x0^3
  CHECK(dx[0], 2 * x[0] + 3 * x[0] * x[0]);
  CHECK(dx[1], 2 * x[1]);
  CHECK(dx[2], 8 * x[2]);
  double f = __enzyme_fwddiff<double>((void *)shuffled, enzyme_dup, x, t, enzyme_const, 3);
  CHECK(f, dx[0] + 2 * dx[1] - dx[2]);
  (void)one;
  CHECK_END();
}
