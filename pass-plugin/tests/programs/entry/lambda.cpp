// What: the function to differentiate is a lambda, a template argument, a static member, and named before main runs.
// Covers: c++ lambda; c++ template argument; c++ static member; entry __enzyme_autodiff
#include <vector>

#include "check.h"
#include "enzyme.h"

struct Model {
  std::vector<double> weights;
  double loss(double x) const {
    double s = 0;
    for (double w : weights)
      s += w * x * x;
    return s;
  }
  double gradient(double x) {
    auto call = +[](Model *m, double x) { return m->loss(x); };
    return __enzyme_autodiff<double>((void *)call, enzyme_const, this, enzyme_out, x);
  }
  static double cube(double x) { return x * x * x; }
};

static double square(double x) { return x * x; }
static double early = __enzyme_autodiff<double>((void *)square, 2.0);

template <double (*F)(double)> double derivative(double x) { return __enzyme_autodiff<double>((void *)F, x); }

int main() {
  Model m{{1, 2, 3}};
  CHECK(m.gradient(2), 24);
  CHECK(early, 4);
  CHECK(derivative<square>(3), 6);
  CHECK(derivative<Model::cube>(3), 27);
  CHECK_END();
}
