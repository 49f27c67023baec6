/* Second derivatives of `T f(T x, int n)` in the four orders, against dual numbers of dual numbers. */
#ifndef ENZYME_RS_TESTS_FLOW_SECOND_H
#define ENZYME_RS_TESTS_FLOW_SECOND_H
#include "check.h"
#include "dual.h"

using std::cos;
using std::exp;
using std::fabs;
using std::log;
using std::pow;
using std::sin;
using std::sqrt;
using std::tanh;
template <class... A> double __enzyme_autodiff(void *, A...);
template <class... A> double __enzyme_fwddiff(void *, A...);
extern int enzyme_out, enzyme_dup, enzyme_const;

// The four nestings.
template <double (*F)(double, int)> double reverse(double x, int n) {
  return __enzyme_autodiff((void *)F, enzyme_out, x, enzyme_const, n);
}
template <double (*F)(double, int)> double forward(double x, int n) {
  return __enzyme_fwddiff((void *)F, enzyme_dup, x, 1.0, enzyme_const, n);
}

static void check_one(const char *what, const char *mode, int n, double x, double got, double want) {
  if (std::fabs(got - want) <= 1e-9 * (1 + std::fabs(want)))
    return;
  fprintf(stderr, "%s, %s: at n=%d, x=%g the second derivative is %.17g, not %.17g\n", what, mode, n, x, got, want);
  check_failures++;
}

#define SECOND(f)                                                                                   \
  for (int n = 1; n <= 5; n++)                                                                      \
    for (double x = 0.8; x < 1.7; x += 0.4) {                                                       \
      typedef Dual<double> D;                                                                       \
      double want = f(Dual<D>(D(x, 1.0), D(1.0, 0.0)), n).d.d;                                      \
      check_one(#f, "forward over forward", n, x, forward<forward<f<double>>>(x, n), want);         \
      check_one(#f, "forward over reverse", n, x, forward<reverse<f<double>>>(x, n), want);         \
      check_one(#f, "reverse over forward", n, x, reverse<forward<f<double>>>(x, n), want);         \
      check_one(#f, "reverse over reverse", n, x, reverse<reverse<f<double>>>(x, n), want);         \
    }

#endif
