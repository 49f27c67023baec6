// What: lambdas with and without captures, std::function, templates over callables, pointers to members.
// Covers: c++ lambda; c++ std::function; c++ member pointer
#include "check.h"
#include "enzyme.h"
#include <functional>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

template <class F> static double apply(F f, double x) { return f(x) * 2; }
static double by_template(double x) {
  double k = x * x;
  return apply([k](double y) { return k * y; }, x) + apply([&](double y) { return k + y; }, x);
}
static double by_function(double x) {
  double k = x * x;
  std::function<double(double)> f = [k](double y) { return k * y; };
  std::function<double(double)> g = f;
  return f(x) + g(2 * x);
}
static double by_large_function(double x, int n) {
  double a = x, b = x * x, c = 3, d = 4;
  std::function<double(double)> f;
  if (n > 1)
    f = [a, b, c, d](double y) { return a + b * y + c * d; };
  else
    f = [a, b, c, d](double y) { return a * y * b * c * d; };
  return f(x);
}
static double decayed(double x) {
  double (*f)(double) = [](double y) { return y * y * y; };
  return f(x);
}
static double take(const std::function<double(double)> &f, double x) { return f(f(x)); }
static double passed(double x) {
  return take([x](double y) { return x * y; }, x);
}
struct S {
  double k;
  double one(double x) const { return k * x; }
  double two(double x) const { return k * x * x; }
};
static double member(double x, int n) {
  S s{3 * x};
  double (S::*p)(double) const = n > 1 ? &S::one : &S::two;
  return (s.*p)(x);
}

int main() {
  double x = 1.3;
  CHECK(__enzyme_autodiff((void *)by_template, x), 6 * x * x + 4 * x + 2);
  CHECK(__enzyme_fwddiff((void *)by_template, x, 1.0), 6 * x * x + 4 * x + 2);
  CHECK(__enzyme_autodiff((void *)by_function, x), 9 * x * x);
  CHECK(__enzyme_fwddiff((void *)by_function, x, 1.0), 9 * x * x);
  CHECK(__enzyme_autodiff((void *)by_large_function, enzyme_out, x, enzyme_const, 2), 1 + 3 * x * x);
  CHECK(__enzyme_autodiff((void *)by_large_function, enzyme_out, x, enzyme_const, 0), 12 * 4 * x * x * x);
  CHECK(__enzyme_autodiff((void *)decayed, x), 3 * x * x);
  CHECK(__enzyme_autodiff((void *)passed, x), 3 * x * x);
  CHECK(__enzyme_fwddiff((void *)passed, x, 1.0), 3 * x * x);
  CHECK(__enzyme_autodiff((void *)member, enzyme_out, x, enzyme_const, 2), 6 * x);
  CHECK(__enzyme_autodiff((void *)member, enzyme_out, x, enzyme_const, 1), 9 * x * x);
  CHECK_END();
}
