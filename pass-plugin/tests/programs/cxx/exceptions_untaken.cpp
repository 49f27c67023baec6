// What: exceptions that are thrown on paths not taken, try/catch around active code, RAII cleanups, vector::at.
// Covers: c++ exceptions; control invoke
#include "check.h"
#include "enzyme.h"
#include <stdexcept>
#include <vector>

struct Guard {
  double *p;
  explicit Guard(double v) : p(new double(v)) {}
  ~Guard() { delete p; }
};

static double safe_root(double x) {
  if (x < 0)
    throw std::domain_error("negative");
  return std::sqrt(x);
}

static double guarded(double x) {
  Guard g(x * x);
  double y = safe_root(x) * *g.p;
  std::vector<double> v(2, y);
  return v.at(1) * v.at(0);
}

static double caught(double x) {
  double y = 0;
  try {
    y = safe_root(x) * x;
  } catch (const std::domain_error &) {
    y = -1;
  }
  return y * y;
}

int main() {
  double x = 1.7;
  // y = x^2.5, y^2 = x^5
  CHECK(__enzyme_autodiff<double>((void *)guarded, enzyme_out, x), 5 * pow(x, 4));
  CHECK(__enzyme_fwddiff<double>((void *)guarded, enzyme_dup, x, 1.0), 5 * pow(x, 4));
  CHECK(__enzyme_autodiff<double>((void *)caught, enzyme_out, x), 3 * x * x);
  CHECK(__enzyme_fwddiff<double>((void *)caught, enzyme_dup, x, 1.0), 3 * x * x);
  CHECK_END();
}
