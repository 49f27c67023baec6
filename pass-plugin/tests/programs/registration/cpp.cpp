// What: registrations in C++: in namespaces, as static members of templates, for members, with structs by value and references
// Covers: registration __enzyme_register_gradient; registration __enzyme_inactivefn; registration byref_<n>; c++ templates
#include "../check.h"
#include <array>
#include <cmath>

extern int enzyme_dup, enzyme_out, enzyme_const;
template <typename Return, typename... T> Return __enzyme_autodiff(T...);
template <typename Return, typename... T> Return __enzyme_fwddiff(T...);

namespace lib {
double scale(double x) { return 2 * x; }
struct Augmented {
  void *tape;
  double value;
};
static Augmented augmented_scale(double x) { return {nullptr, 2 * x}; }
static double gradient_scale(double, double d, void *) { return 22 * d; }
void *__enzyme_register_gradient_scale[] = {(void *)scale, (void *)augmented_scale, (void *)gradient_scale};

// The rule is a template's static member.
template <typename T> struct Norm {
  __attribute__((noinline)) static T value(const T *p, int n) {
    T sum = 0;
    for (int i = 0; i < n; i++)
      sum += p[i] * p[i];
    return std::sqrt(sum);
  }
  struct Out {
    T *tape;
    T value;
  };
  static Out augmented(const T *p, T *, int n) { return {new T(value(p, n)), value(p, n)}; }
  static void gradient(const T *p, T *dp, int n, T d, T *tape) {
    for (int i = 0; i < n; i++)
      dp[i] += 3 * d * p[i] / *tape;
    delete tape;
  }
  static void *__enzyme_register_gradient[3];
};
template <typename T>
void *Norm<T>::__enzyme_register_gradient[3] = {(void *)Norm<T>::value, (void *)Norm<T>::augmented,
                                                (void *)Norm<T>::gradient};
template struct Norm<double>;
} // namespace lib

double f(double x) { return lib::scale(x) * x; }
double g(double *p, int n) { return lib::Norm<double>::value(p, n) * 2; }

struct Counter {
  int n = 0;
  __attribute__((annotate("enzyme_inactive"), noinline)) double bump(double x) {
    n++;
    return x;
  }
};
double h(double x) {
  Counter counter;
  double r = 0;
  for (int i = 0; i < 3; i++)
    r += counter.bump(x) * x;
  return r + counter.n;
}

// A struct that C++ passes in two registers, and that the rule takes by its address.
struct Vec {
  double x, y;
};
__attribute__((noinline)) double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
struct Grads {
  Vec a, b;
};
double augmented_dot(Vec a, Vec b) { return dot(a, b); }
Grads gradient_dot(Vec a, Vec b, double d) { return {{5 * d * b.x, 5 * d * b.y}, {7 * d * a.x, 7 * d * a.y}}; }
void *__enzyme_register_gradient_dot[] = {(void *)dot, (void *)augmented_dot, (void *)gradient_dot};
double k(double x) { return dot({x, 2}, {3, x * x}); }

double byref(double x, int n) { return x * n; }
double augmented_byref(const double &x, int n) { return x * n; }
double gradient_byref(const double &x, int n, double d) { return 9 * d * n; }
void *__enzyme_register_gradient_byref[] = {(void *)byref, (void *)augmented_byref, (void *)gradient_byref,
                                            (void *)"byref_0"};
double l(double x) { return byref(x * x, 2); }

// A rule for a function that throws on one path, in a loop, called from a recursion.
__attribute__((noinline)) double checked(double x) {
  if (x < 0)
    throw 1;
  return x * x;
}
double augmented_checked(double x) { return checked(x); }
double gradient_checked(double x, double d) { return 4 * x * d; }
void *__enzyme_register_gradient_checked[] = {(void *)checked, (void *)augmented_checked, (void *)gradient_checked};
double deep(double x, int n) { return n == 0 ? x : checked(deep(x, n - 1)) * 0.5; }

int main() {
  CHECK(__enzyme_autodiff<double>((void *)f, 3.0), 22 * 3 + 6);
  double p[2] = {3, 4}, dp[2] = {0, 0};
  __enzyme_autodiff<void>((void *)g, enzyme_dup, p, dp, enzyme_const, 2);
  CHECK(dp[0], 3 * 2 * 0.6);
  CHECK(dp[1], 3 * 2 * 0.8);
  CHECK(__enzyme_autodiff<double>((void *)h, 5.0), 15);
  CHECK(h(5.0), 78);
  // a = (x, 2), b = (3, x^2): 5 b.x + 7 a.y * 2x
  CHECK(__enzyme_autodiff<double>((void *)k, 1.5), 5 * 3 + 7 * 2 * 3);
  CHECK(__enzyme_autodiff<double>((void *)l, 1.5), 18 * 3);
  double x1 = 1.5 * 1.5 / 2;
  CHECK(__enzyme_autodiff<double>((void *)deep, 1.5, 2), 4 * 1.5 * 0.5 * 4 * x1 * 0.5);
  CHECK(__enzyme_fwddiff<double>((void *)deep, 1.5, 1.0, 2), 2 * 1.5 * 0.5 * 2 * x1 * 0.5);
  CHECK_END();
}
