// What: structured bindings, virtual and multiple inheritance, placement new, static and thread_local variables.
// Covers: c++ structured bindings; c++ virtual inheritance; c++ placement new; c++ thread_local
// Flags: -std=c++17
#include "../cxx/derivative.h"
#include <tuple>
#include <optional>
#include <new>

namespace structured {
struct P { double a, b; int k; };
std::tuple<double, double, int> three(double x) { return {x, x * x, 3}; }
std::pair<double, std::vector<double>> two(const double *x, int n) { return {x[0], std::vector<double>(x, x + n)}; }
std::optional<double> inv(double x) { if (x == 0) return std::nullopt; return 1 / x; }
double f(const double *x, int n) { auto [a, b, k] = three(x[0]); auto [c, v] = two(x, n); P p{x[1], x[2], 2}; auto &[q, r, j] = p; q *= r; double s = 0; for (auto &[i, y] : std::map<int, double>{{1, x[1]}, {2, x[2]}}) s += i * y; auto m = std::minmax({x[0], x[1], x[2]}); return a * b * k + c * v[1] + p.a * j + s * s + inv(x[3]).value_or(0) + m.first * m.second + std::get<1>(three(x[4])); }
}

namespace inherit {
struct Root { double k; Root(double k) : k(k) {} virtual double go(double x) const { return k * x; } virtual ~Root() {} };
struct L : virtual Root { double l; L(double k, double l) : Root(k), l(l) {} double go(double x) const override { return l * Root::go(x); } virtual double left() const { return l * k; } };
struct R : virtual Root { double r; R(double k, double r) : Root(k), r(r) {} virtual double right(double y) const { return r * k * y; } };
struct D : L, R { double d; D(double k, double l, double r, double d) : Root(k), L(k, l), R(k, r), d(d) {} double go(double x) const override { return d * L::go(x) + R::right(x); } double left() const override { return d; } };
struct I { virtual double a(double) const = 0; virtual ~I() = default; }; struct J { virtual double b(double) const = 0; virtual ~J() = default; };
struct IJ : I, J { double w; IJ(double w) : w(w) {} double a(double x) const override { return w * x; } double b(double x) const override { return w + x; } };
static double use(const Root &r, double x) { return r.go(x); }
double f(const double *x, int n) { D d(x[0], x[1], x[2], x[3]); std::unique_ptr<Root> p(new D(x[1], x[2], x[0], x[4])); IJ ij(x[0]); I *i = &ij; J *j = &ij; double s = use(d, x[4]) + p->go(x[0]) + i->a(x[1]) * j->b(x[2]); if (auto *e = dynamic_cast<R *>(p.get())) s += e->right(x[3]) * dynamic_cast<L &>(*p).left(); return s; }
}

namespace placement {
struct S { double a, b; S(double a, double b) : a(a), b(b) {} ~S() {} double v() const { return a * b; } };
template <class T, int N> struct Small { alignas(T) unsigned char buf[N * sizeof(T)]; int n = 0; template <class... A> void add(A... a) { new (buf + n++ * sizeof(T)) T(a...); } T &at(int i) { return *reinterpret_cast<T *>(buf + i * sizeof(T)); } ~Small() { for (int i = 0; i < n; i++) at(i).~T(); } };
double f(const double *x, int n) { Small<S, 4> s; for (int i = 0; i + 1 < n; i++) s.add(x[i], x[i + 1]); double r = 0; for (int i = 0; i < s.n; i++) r += s.at(i).v() * (i + 1); char *raw = (char *)::operator new(sizeof(S) * 2); S *p = new (raw) S(r, x[0]), *q = new (raw + sizeof(S)) S(x[1], x[2]); r = p->v() * q->v(); q->~S(); p->~S(); ::operator delete(raw); return r; }
}

namespace tls {
static thread_local int calls; static int counter = 0; static const double table[4] = {1, 2, 3, 4};
double f(const double *x, int n) { static int k = 3; static const std::vector<double> w{1.0, 0.5, 0.25}; static double scale = 2.0; calls++; counter += n; double s = 0; for (int i = 0; i < n; i++) s += x[i] * x[i] * w[i % 3] * table[i % 4]; return s * scale * k; }
}

int main() {
  dv(structured::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(inherit::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(placement::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(tls::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
