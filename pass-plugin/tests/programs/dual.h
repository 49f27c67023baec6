/* Dual numbers: the oracle of C++ programs whose primals are templates. Dual<Dual<double>> gives second derivatives. */
#ifndef ENZYME_RS_TESTS_DUAL_H
#define ENZYME_RS_TESTS_DUAL_H
#include <cmath>

template <class T> struct Dual {
  T v, d;
  Dual(double x = 0) : v(x), d(0.0) {}
  Dual(T v, T d) : v(v), d(d) {}
  Dual &operator+=(Dual b) { return *this = *this + b; }
  Dual &operator-=(Dual b) { return *this = *this - b; }
  Dual &operator*=(Dual b) { return *this = *this * b; }
  Dual &operator/=(Dual b) { return *this = *this / b; }
  friend Dual operator+(Dual a, Dual b) { return Dual(a.v + b.v, a.d + b.d); }
  friend Dual operator-(Dual a, Dual b) { return Dual(a.v - b.v, a.d - b.d); }
  friend Dual operator-(Dual a) { return Dual(-a.v, -a.d); }
  friend Dual operator*(Dual a, Dual b) { return Dual(a.v * b.v, a.v * b.d + a.d * b.v); }
  friend Dual operator/(Dual a, Dual b) { return Dual(a.v / b.v, (a.d * b.v - a.v * b.d) / (b.v * b.v)); }
  friend bool operator<(Dual a, Dual b) { return a.v < b.v; }
  friend bool operator>(Dual a, Dual b) { return a.v > b.v; }
  friend bool operator<=(Dual a, Dual b) { return a.v <= b.v; }
  friend bool operator>=(Dual a, Dual b) { return a.v >= b.v; }
  friend bool operator==(Dual a, Dual b) { return a.v == b.v; }
  friend bool operator!=(Dual a, Dual b) { return a.v != b.v; }
  friend Dual sin(Dual a) { using std::sin; using std::cos; return Dual(sin(a.v), cos(a.v) * a.d); }
  friend Dual cos(Dual a) { using std::sin; using std::cos; return Dual(cos(a.v), -sin(a.v) * a.d); }
  friend Dual exp(Dual a) { using std::exp; T e = exp(a.v); return Dual(e, e * a.d); }
  friend Dual log(Dual a) { using std::log; return Dual(log(a.v), a.d / a.v); }
  friend Dual sqrt(Dual a) { using std::sqrt; T r = sqrt(a.v); return Dual(r, a.d / (r + r)); }
  friend Dual tanh(Dual a) { using std::tanh; T r = tanh(a.v); return Dual(r, (T(1.0) - r * r) * a.d); }
  friend Dual pow(Dual a, Dual b) { return exp(b * log(a)); }
  friend Dual fabs(Dual a) { return a.v < T(0.0) ? -a : a; }
};
inline double value_of(double x) { return x; }
template <class T> double value_of(Dual<T> x) { return value_of(x.v); }
#endif
