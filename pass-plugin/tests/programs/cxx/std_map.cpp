// What: std::map<int, double> filled and read inside the primal; lookups, iteration, operator[] updates.
// Covers: c++ std::map
#include "check.h"
#include "enzyme.h"
#include <map>

static double polynomial(double x, int n) {
  std::map<int, double> coefficients;
  for (int i = 0; i < n; i++)
    coefficients[(i * 7) % n] += (i + 1) * x;
  coefficients[0] = x * x;
  double sum = 0;
  for (const auto &entry : coefficients)
    sum += entry.first * entry.second;
  return sum + coefficients.at(0) * coefficients.find(1)->second;
}

int main() {
  // n = 5: keys i*7%5 = 0 2 4 1 3 hold 1x 2x 3x 4x 5x; key 0 is x^2.
  double x = 1.5, want = (2 * 2 + 4 * 3 + 1 * 4 + 3 * 5) + 3 * 4 * x * x;
  CHECK(__enzyme_autodiff<double>((void *)polynomial, enzyme_out, x, enzyme_const, 5), want);
  CHECK(__enzyme_fwddiff<double>((void *)polynomial, enzyme_dup, x, 1.0, enzyme_const, 5), want);
  CHECK_END();
}
