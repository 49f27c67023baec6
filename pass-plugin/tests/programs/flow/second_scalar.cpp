// What: second derivatives in every order: formulas, loops and branches
// Covers: second forward over forward; second forward over reverse; second reverse over forward; second reverse over reverse
// Opt: O0 O1 O2 O3
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
extern int enzyme_out, enzyme_const, enzyme_dup;

template <class T> T poly(T x, int n) { return x * x * x + x * 2.0; }
template <class T> T trans(T x, int n) { return sin(x) * exp(x) + log(x) / (x + 1.0) + sqrt(x * x + 1.0) + tanh(x); }
template <class T> T powx(T x, int n) { return pow(x, T(2.5)) + x / (x * x + 3.0); }
template <class T> T loop(T x, int n) { T a = x; for (int i = 0; i < n; i++) a = a * sin(a) + x; return a; }
template <class T> T branch(T x, int n) { T a = x; for (int i = 0; i < n; i++) { if (a > T(1.5)) a = a * 0.5 + sin(a); else a = a * a + x; } return a; }
template <class T> T nested(T x, int n) { T a = x; for (int i = 0; i < n; i++) for (int j = 0; j < i; j++) a = a * cos(a * 0.3) + x * (double)j; return a; }

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

int main() {
  SECOND(poly)
  SECOND(trans)
  SECOND(powx)
  SECOND(loop)
  SECOND(branch)
  SECOND(nested)
  CHECK_END();
}
