// What: closures in std::function: captures by value and by reference, in structs and vectors, copied, exchanged, called by each other.
// Covers: c++ std::function; c++ lambdas
#include "../cxx/derivative.h"

namespace clos1 {
// std::function captured by value in a struct member; captures vector by reference
struct Model { std::function<double(double)> f; double k; double operator()(double x) const { return k * f(x); } };
double f(const double *x, int n) { std::vector<double> w(x, x + n); Model m{[&w](double y) { double s = 0; for (double v : w) s += v * y; return s; }, x[0]}; return m(x[1]) + m(2.0); }
}

namespace clos2 {
// vector<std::function>
double f(const double *x, int n) { std::vector<std::function<double(double)>> v; for (int i = 0; i < n; i++) v.push_back([x, i](double y) { return x[i] * y + y * y; }); double s = x[0]; for (auto &g : v) s = g(s) * 0.5; return s; }
}

namespace clos3 {
// by value vector capture
std::function<double(double)> make(const double *x, int n) { std::vector<double> w(x, x + n); return [w](double y) { double s = 0; for (size_t i = 0; i < w.size(); i++) s += w[i] * y * (i + 1); return s; }; }
double f(const double *x, int n) { auto g = make(x, n); auto h = g; return g(x[0]) * h(x[1]); }
}

namespace clos4 {
// several doubles by value, heap allocated closure
double f(const double *x, int n) { double a = x[0], b = x[1], c = x[2], d = x[3]; std::function<double(double)> g = [a, b, c, d](double y) { return a + b * y + c * y * y + d * y * y * y; }; auto h = [g](double y) { return g(g(y)); }; std::function<double(double)> k = h; return k(x[0]); }
}

namespace clos5 {
// small closures with two doubles (16 bytes local storage) and pointers
double f(const double *x, int n) { double a = x[0] * x[1], b = x[1]; std::function<double(double)> g = [a](double y) { return a * y; }; std::function<double(double)> h = [&a, &b](double y) { return a + b * y; }; std::function<double()> k = [x] { return x[2] * x[3]; }; double r = g(b) * h(a) + k(); g = h; std::swap(g, h); g = nullptr; return r + h(r) + (g ? 1 : 0); }
}

namespace clos6 {
// recursion through std::function
double f(const double *x, int n) { std::function<double(int)> g = [&](int i) -> double { return i >= n ? 1.0 : x[i] * g(i + 1) + x[i]; }; return g(0); }
}

namespace words1 {
typedef std::function<double(double)> F;
static F make1(double a) { return [a](double y) { return a * y * y; }; }
static F make2(double a) { return [a](double y) { return a + y; }; }
F (*volatile makers[2])(double) = {make1, make2};
double f(const double *x, int n) { F g = makers[0](x[0] * x[1]); F h = makers[1](x[2]); std::swap(g, h); F k = std::move(g); return k(x[3]) * h(x[0]); }
}

int main() {
  dv(clos1::f, {0.3, -1.2, 2.2, 0.9});
  dv(clos2::f, {0.3, -1.2, 2.2, 0.9});
  dv(clos3::f, {0.3, -1.2, 2.2, 0.9});
  dv(clos4::f, {0.3, -1.2, 2.2, 0.9});
  dv(clos5::f, {0.3, -1.2, 2.2, 0.9});
  dv(clos6::f, {0.3, -1.2, 2.2, 0.9});
  dv(words1::f, {0.3, -1.2, 2.2, 0.9});
  CHECK_END();
}
