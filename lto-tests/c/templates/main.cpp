// A template over a class with a virtual function and memory that grows, in one file.
#include <cmath>
#include <memory>
#include <vector>

extern int enzyme_dup, enzyme_out, enzyme_const;
template <class Result, class... Args> Result __enzyme_autodiff(void *, Args...);

struct Potential {
  virtual double at(double x) const = 0;
  virtual ~Potential() = default;
};
struct Quartic : Potential {
  double depth;
  explicit Quartic(double d) : depth(d) {}
  double at(double x) const override { return x * x * x * x - depth * x * x; }
};

template <class P> double walk(double x, double step, int times) {
  std::unique_ptr<Potential> potential = std::make_unique<P>(0.5);
  std::vector<double> seen;
  for (int i = 0; i < times; i++) {
    seen.push_back(potential->at(x));
    x += step * seen.back();
  }
  double sum = 0;
  for (double value : seen)
    sum += value;
  return sum;
}

static double walk_quartic(double x, double step, int times) { return walk<Quartic>(x, step, times); }

int main() {
  double x = 0.7;
  double got = __enzyme_autodiff<double>((void *)walk_quartic, enzyme_out, x, enzyme_const, 0.25, enzyme_const, 4);
  // The same recurrence with its derivative beside it.
  double value = x, slope = 1, want = 0;
  for (int i = 0; i < 4; i++) {
    double p = value * value * value * value - 0.5 * value * value;
    double dp = (4 * value * value * value - value) * slope;
    want += dp;
    value += 0.25 * p;
    slope += 0.25 * dp;
  }
  return std::fabs(got - want) > 1e-12;
}
