// What: std::bind, lambdas with any number of arguments, fold expressions, functions that are composed.
// Covers: c++ std::bind; c++ generic lambdas; c++ fold expressions
// Flags: -std=c++20
#include "../cxx/derivative.h"
#include <tuple>

namespace bind1 {
using namespace std::placeholders;
static double poly(double a, double b, double y) { return a * y * y + b * y; }
struct P { double k; double at(double y) const { return k * y * y; } };
double f(const double *x, int n) { auto g = std::bind(poly, x[0], x[1], _1); P p{x[2]}; auto h = std::bind(&P::at, &p, _1); std::function<double(double)> q = std::bind(poly, _1, x[3], x[0]); return g(x[2]) + h(x[3]) + q(x[1]); }
}

namespace varlam {
template <class... T> double sum(T... t) { return (t + ...); }
template <class... T> double weighted(T... t) { double s = 0, w = 1; ((s += w * t, w += 1), ...); return s; }
template <class F, class... T> double call(F f, T... t) { return f(t...) * f(t...); }
double f(const double *x, int n) { auto l = [](auto... a) { return (a * ... * 1.0); }; auto m = [&](auto &&...a) { return sum(a...) * x[0]; }; auto p = [=]<class T>(T a, T b) { return a * b + x[3]; };
 auto each = [](auto g, auto... a) { return (g(a) + ...); };
 return l(x[0], x[1], x[2]) + m(x[1], x[2], 2.0) + weighted(x[0], x[1], x[2], x[3]) + call(l, x[1], x[2]) + p(x[0], x[1]) + each([&](double v) { return v * v * x[2]; }, x[0], x[1], x[3]); }
}

namespace varlam2 {
template <class... F> auto compose(F... f) { return [f...](double y) { ((y = f(y)), ...); return y; }; }
template <class F> auto curry(F f) { return [f](double a) { return [f, a](double b) { return f(a, b); }; }; }
double f(const double *x, int n) { auto t = std::make_tuple(x[0], x[1], x[2]); double s = std::apply([](auto... v) { return ((v * v) + ...); }, t); auto c = compose([x](double y) { return y * x[0]; }, [x](double y) { return y + x[1]; }, [](double y) { return std::sin(y); }); auto [a, b, d] = t; std::function<double(double)> k = c; return s * c(x[3]) + a * b * d + k(x[2]) + curry([](double a, double b) { return a * b * b; })(x[0])(x[1]); }
}

int main() {
  dv(bind1::f, {0.3, -1.2, 2.2, 0.9});
  dv(varlam::f, {0.3, -1.2, 2.2, 0.9});
  dv(varlam2::f, {0.3, -1.2, 2.2, 0.9});
  CHECK_END();
}
