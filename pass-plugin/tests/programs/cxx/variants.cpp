// What: std::variant with visitors, std::any.
// Covers: c++ std::variant; c++ std::visit; c++ std::any
// Flags: -std=c++17
#include "../cxx/derivative.h"
#include <variant>
#include <any>

namespace variant1 {
struct C { double r; }; struct R { double w, h; }; struct P { std::vector<double> v; };
template <class... T> struct over : T... { using T::operator()...; }; template <class... T> over(T...) -> over<T...>;
double f(const double *x, int n) { std::vector<std::variant<C, R, P>> v; v.push_back(C{x[0]}); v.push_back(R{x[1], x[2]}); v.push_back(P{{x[3], x[4], x[0]}}); double s = 0; for (auto &k : v) s += std::visit(over{[](const C &c) { return 3 * c.r * c.r; }, [](const R &r) { return r.w * r.h; }, [](const P &p) { double t = 1; for (double a : p.v) t *= a; return t; }}, k); std::variant<int, double> q = x[0]; if (auto *d = std::get_if<double>(&q)) s *= *d; q = 3; return s * std::get<int>(q); }
}

namespace any1 {
double f(const double *x, int n) { std::any a = x[0] * x[1]; double r = std::any_cast<double>(a); a = 3; int k = std::any_cast<int>(a); a = std::vector<double>(x, x + n); double s = 0; for (double v : std::any_cast<std::vector<double> &>(a)) s += v * k; return r * s; }
}

namespace any2 {
double f(const double *x, int n) { std::any a = x[0] * x[1]; double r = std::any_cast<double>(a); std::any b = a; return r * std::any_cast<double>(b); }
}

int main() {
  dv(variant1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(any1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(any2::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
