// What: std::pair, std::tuple with structured bindings, std::optional and std::variant in the primal.
// Covers: c++ std::pair; c++ std::tuple; c++ std::optional; c++ std::variant
// Flags: -std=c++17
#include "check.h"
#include "enzyme.h"
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

static std::pair<double, double> polar(double x, double y) { return {std::sqrt(x * x + y * y), std::atan2(y, x)}; }

static double by_pair(double x, double y) {
  auto [r, t] = polar(x, y);
  return r * r * t;
}

static std::tuple<double, int, float> split(double x) { return {x * x, 3, (float)x}; }

static double by_tuple(double x) {
  double a;
  int n;
  float f;
  std::tie(a, n, f) = split(x);
  return a * n + std::get<2>(split(2 * x)) * f;
}

static std::optional<double> root(double x) {
  if (x < 0)
    return std::nullopt;
  return std::sqrt(x);
}

static double by_optional(double x) { return root(x).value_or(x * x) + root(-x).value_or(3 * x); }

static double by_variant(double x, int which) {
  std::variant<int, double, std::pair<double, double>> v = 3;
  if (which == 1)
    v = x * x;
  else if (which == 2)
    v = std::make_pair(x, 2 * x);
  if (auto p = std::get_if<double>(&v))
    return *p;
  if (auto p = std::get_if<std::pair<double, double>>(&v))
    return p->first * p->second;
  return std::get<int>(v) * x;
}

struct two {
  double x, y;
};

int main() {
  double x = 1.2, y = 0.7, r2 = x * x + y * y, t = atan2(y, x);
  auto g = __enzyme_autodiff<two>((void *)by_pair, enzyme_out, x, enzyme_out, y);
  CHECK(g.x, 2 * x * t - y);
  CHECK(g.y, 2 * y * t + x);
  CHECK_TOL(__enzyme_autodiff<double>((void *)by_tuple, enzyme_out, x), 6 * x + 4 * x, 1e-6);
  CHECK(__enzyme_autodiff<double>((void *)by_optional, enzyme_out, x), 0.5 / sqrt(x) + 3);
  CHECK(__enzyme_autodiff<double>((void *)by_optional, enzyme_out, -x), -2 * x - 0.5 / sqrt(x));
  CHECK(__enzyme_autodiff<double>((void *)by_variant, enzyme_out, x, enzyme_const, 0), 3);
  CHECK(__enzyme_autodiff<double>((void *)by_variant, enzyme_out, x, enzyme_const, 1), 2 * x);
  CHECK(__enzyme_autodiff<double>((void *)by_variant, enzyme_out, x, enzyme_const, 2), 4 * x);
  CHECK(__enzyme_fwddiff<double>((void *)by_variant, enzyme_dup, x, 1.0, enzyme_const, 2), 4 * x);
  CHECK_END();
}
