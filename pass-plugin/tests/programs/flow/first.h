/* First derivatives of `T f(T x, int n)` in both modes, against dual numbers. */
#ifndef ENZYME_RS_TESTS_FLOW_FIRST_H
#define ENZYME_RS_TESTS_FLOW_FIRST_H
#include "check.h"
#include "dual.h"

using std::cos;
using std::exp;
using std::fabs;
using std::log;
using std::sin;
using std::sqrt;
template <class... A> double __enzyme_autodiff(void *, A...);
template <class... A> double __enzyme_fwddiff(void *, A...);
extern int enzyme_out, enzyme_dup, enzyme_const;

static void check_one(const char *what, const char *mode, int n, double x, double got, double want) {
  if (std::fabs(got - want) <= 1e-9 * (1 + std::fabs(want)))
    return;
  fprintf(stderr, "%s, %s: at n=%d, x=%g the derivative is %.17g, not %.17g\n", what, mode, n, x, got, want);
  check_failures++;
}

#define AGAINST_DUALS(f)                                                                                      \
  for (int n = 1; n <= 9; n++)                                                                                \
    for (double x = 0.8; x < 2; x += 0.45) {                                                                  \
      double want = f(Dual<double>(x, 1.0), n).d;                                                             \
      void *primal = (void *)(double (*)(double, int))f<double>;                                              \
      check_one(#f, "reverse", n, x, __enzyme_autodiff(primal, enzyme_out, x, enzyme_const, n), want);        \
      check_one(#f, "forward", n, x, __enzyme_fwddiff(primal, enzyme_dup, x, 1.0, enzyme_const, n), want);    \
    }

#endif
