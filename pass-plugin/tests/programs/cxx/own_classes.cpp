// What: CRTP, constexpr templates, expression templates, a matrix class of one's own.
// Covers: c++ templates; c++ constexpr; c++ expression templates
// Flags: -std=c++20
#include "../cxx/derivative.h"

namespace crtp {
template <class D> struct Base { double eval(double x) const { return static_cast<const D *>(this)->impl(x) * 2; } };
struct A : Base<A> { double k; A(double k) : k(k) {} double impl(double x) const { return k * x * x; } };
struct B : Base<B> { double a, b; B(double a, double b) : a(a), b(b) {} double impl(double x) const { return a + b * x; } };
template <class T> double run(const Base<T> &b, double x) { return b.eval(x) * b.eval(1.0); }
constexpr double fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); }
template <int N> constexpr double poly(double x) { if constexpr (N == 0) return 1; else return x * poly<N - 1>(x) + 1.0 / fact(N); }
double f(const double *x, int n) { return run(A(x[0]), x[1]) + run(B(x[2], x[3]), x[4]) + poly<6>(x[0] * x[1]); }
}

namespace exprtmpl {
template <class E> struct Expr { double operator[](size_t i) const { return static_cast<const E &>(*this)[i]; } size_t size() const { return static_cast<const E &>(*this).size(); } };
struct Vec : Expr<Vec> { std::vector<double> d; Vec(size_t n) : d(n) {} Vec(const double *p, int n) : d(p, p + n) {} double operator[](size_t i) const { return d[i]; } double &operator[](size_t i) { return d[i]; } size_t size() const { return d.size(); }
 template <class E> Vec(const Expr<E> &e) : d(e.size()) { for (size_t i = 0; i < d.size(); i++) d[i] = e[i]; } template <class E> Vec &operator+=(const Expr<E> &e) { for (size_t i = 0; i < d.size(); i++) d[i] += e[i]; return *this; } };
template <class L, class R> struct Sum : Expr<Sum<L, R>> { const L &l; const R &r; Sum(const L &l, const R &r) : l(l), r(r) {} double operator[](size_t i) const { return l[i] + r[i]; } size_t size() const { return l.size(); } };
template <class L, class R> struct Mul : Expr<Mul<L, R>> { const L &l; const R &r; Mul(const L &l, const R &r) : l(l), r(r) {} double operator[](size_t i) const { return l[i] * r[i]; } size_t size() const { return l.size(); } };
template <class L, class R> Sum<L, R> operator+(const Expr<L> &l, const Expr<R> &r) { return {static_cast<const L &>(l), static_cast<const R &>(r)}; }
template <class L, class R> Mul<L, R> operator*(const Expr<L> &l, const Expr<R> &r) { return {static_cast<const L &>(l), static_cast<const R &>(r)}; }
double f(const double *x, int n) { Vec a(x, n), b = a * a + a; b += a * b; Vec c = (a + b) * (b + a * a); double s = 0; for (int i = 0; i < n; i++) s += c[i] * (i + 1); return s; }
}

namespace matrix {
template <class T> class Matrix { size_t r, c; T *d; public: Matrix(size_t r, size_t c) : r(r), c(c), d(new T[r * c]()) {} Matrix(const Matrix &o) : Matrix(o.r, o.c) { std::copy(o.d, o.d + r * c, d); } Matrix(Matrix &&o) noexcept : r(o.r), c(o.c), d(o.d) { o.d = nullptr; o.r = o.c = 0; } Matrix &operator=(Matrix o) { std::swap(r, o.r); std::swap(c, o.c); std::swap(d, o.d); return *this; } ~Matrix() { delete[] d; }
 T &operator()(size_t i, size_t j) { return d[i * c + j]; } const T &operator()(size_t i, size_t j) const { return d[i * c + j]; } size_t rows() const { return r; } size_t cols() const { return c; }
 friend Matrix operator*(const Matrix &a, const Matrix &b) { Matrix o(a.r, b.c); for (size_t i = 0; i < a.r; i++) for (size_t j = 0; j < b.c; j++) for (size_t k = 0; k < a.c; k++) o(i, j) += a(i, k) * b(k, j); return o; }
 friend Matrix operator+(Matrix a, const Matrix &b) { for (size_t i = 0; i < a.r * a.c; i++) a.d[i] += b.d[i]; return a; } Matrix t() const { Matrix o(c, r); for (size_t i = 0; i < r; i++) for (size_t j = 0; j < c; j++) o(j, i) = (*this)(i, j); return o; } };
template <class T> T det(Matrix<T> m) { T s = 1; for (size_t k = 0; k < m.rows(); k++) { size_t p = k; for (size_t i = k; i < m.rows(); i++) if (std::abs(m(i, k)) > std::abs(m(p, k))) p = i; if (p != k) { for (size_t j = 0; j < m.cols(); j++) std::swap(m(p, j), m(k, j)); s = -s; } s *= m(k, k); for (size_t i = k + 1; i < m.rows(); i++) { T q = m(i, k) / m(k, k); for (size_t j = k; j < m.cols(); j++) m(i, j) -= q * m(k, j); } } return s; }
double f(const double *x, int n) { Matrix<double> a(3, 3); for (int i = 0; i < 9; i++) a(i / 3, i % 3) = x[i % n] * (i + 1) + (i % 4 == 0 ? 2 : 0); Matrix<double> b = a * a.t() + a; b = b * a; return det(b) + b(1, 2); }
}

int main() {
  dv(crtp::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(exprtmpl::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(matrix::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
