// What: lambdas with captures by value and by reference, passed to templates; a lambda as the differentiated function.
// Covers: c++ lambdas
#include "check.h"
#include "enzyme.h"

template <typename F> static double integrate(F f, double a, double b, int n) {
  double h = (b - a) / n, s = 0;
  for (int i = 0; i < n; i++)
    s += f(a + (i + 0.5) * h);
  return s * h;
}

static double area(double k, double b) {
  double calls = 0;
  auto f = [k, &calls](double x) {
    calls += 1;
    return k * x * x;
  };
  return integrate(f, 0, b, 100) + 0 * calls;
}

static double compose(double x) {
  auto square = [](double v) { return v * v; };
  auto twice = [](auto f, double v) { return f(f(v)); };
  return twice(square, x) + twice([x](double v) { return v * x; }, 1.0);
}

struct pair {
  double x, y;
};

int main() {
  auto g = __enzyme_autodiff<pair>((void *)area, enzyme_out, 2.0, enzyme_out, 1.5);
  // The midpoint rule of x^2 on n cells of [0, b]: b^3 (1/3 - 1/(12 n^2)).
  double c = 1.0 / 3 - 1.0 / 120000;
  CHECK(g.x, 1.5 * 1.5 * 1.5 * c);
  CHECK(g.y, 2 * 3 * 1.5 * 1.5 * c);
  CHECK(__enzyme_autodiff<double>((void *)compose, enzyme_out, 1.2), 4 * pow(1.2, 3) + 2 * 1.2);
  double (*f)(double) = [](double v) { return std::sin(v) * v; };
  CHECK(__enzyme_autodiff<double>((void *)+[](double v) { return std::sin(v) * v; }, enzyme_out, 0.4),
        cos(0.4) * 0.4 + sin(0.4));
  (void)f;
  CHECK_END();
}
