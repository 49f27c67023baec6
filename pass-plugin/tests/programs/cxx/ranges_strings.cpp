// What: valarrays, reductions and scans, initializer lists, strings that steer the computation.
// Covers: c++ std::valarray; c++ std::transform_reduce; c++ std::initializer_list; c++ std::string_view
// Flags: -std=c++17
#include "../cxx/derivative.h"
#include <string_view>

namespace valarr {
double f(const double *x, int n) { std::valarray<double> a(x, n), b = a * a + 2.0 * std::sin(a); b[std::slice(0, 2, 2)] *= a[std::slice(1, 2, 2)]; std::valarray<double> c = b.apply([](double v) { return v * v; }); return (c * a).sum() + b.max() + b.cshift(1)[0]; }
}

namespace numer {
double f(const double *x, int n) { std::vector<double> v(x, x + n), w(n); std::transform(v.begin(), v.end(), w.begin(), [](double a) { return a * a; }); double s = std::inner_product(v.begin(), v.end(), w.begin(), 1.0); s += std::transform_reduce(v.begin(), v.end(), w.begin(), 0.0, std::plus<>(), [](double a, double b) { return a * b * b; }); s += std::reduce(w.begin(), w.end()); std::adjacent_difference(v.begin(), v.end(), w.begin()); std::inclusive_scan(v.begin(), v.end(), v.begin()); return s + std::accumulate(w.begin(), w.end(), 1.0, std::multiplies<double>()) * v.back(); }
}

namespace ilist {
double g(std::initializer_list<double> l) { double s = 0, w = 1; for (double v : l) s += v * (w += 1); return s; }
struct V { std::vector<double> d; V(std::initializer_list<double> l) : d(l) {} };
double f(const double *x, int n) { double s = 0; for (double v : {x[0], x[1] * x[2], 2.0}) s += v * v; V v{x[3], x[4] * s}; return g({s, x[1], x[2]}) * v.d[1] + std::max({x[0], x[1], x[2]}) + v.d[0]; }
}

namespace str1 {
double weight(std::string_view k) { return k == "one" ? 1.0 : k[0] == 116 ? 2.0 : 3.0; }
double f(const double *x, int n) { std::stringstream ss; ss << "one two " << n << " three"; std::string w; double s = 0; int i = 0; while (ss >> w) { s += x[i % n] * x[i % n] * (w == "one" ? 1 : (double)w.size()); i++; } std::string_view v = "hello"; return s * v.size() + std::stoi("12") * x[0] + std::to_string(n).size() * x[1]; }
}

int main() {
  dv(valarr::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(numer::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(ilist::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(str1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
