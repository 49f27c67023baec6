// What: second derivatives in every order: through stack and heap memory, callees, loops of unknown length
// Covers: second forward over reverse; second reverse over reverse; memory malloc
// Opt: O0 O2
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

template <class T> T mem(T x, int n) { T m[8]; for (int i = 0; i < 8; i++) m[i] = x * (double)(i + 1); for (int k = 0; k < n; k++) for (int i = 0; i < 8; i++) m[i] = m[i] * 0.9 + sin(m[(i + 1) % 8]); T s = 0; for (int i = 0; i < 8; i++) s += m[i] * m[i]; return s; }
template <class T> __attribute__((noinline)) T helper(T a, T b) { return sin(a) * b + a * a; }
template <class T> T calls(T x, int n) { T a = x; for (int i = 0; i < n; i++) a = helper(a, x) * 0.5; return a; }
template <class T> __attribute__((noinline)) void step(T *m, int n, T x) { for (int i = 0; i < n; i++) m[i] = m[i] * x + sin(m[i]); }
template <class T> T memcalls(T x, int n) { T m[4] = {x, x * x, T(1.0), x + 1.0}; for (int i = 0; i < n; i++) step(m, 4, x * 0.7); return m[0] + m[1] * m[2] + m[3]; }
template <class T> T heap(T x, int n) { T *m = (T *)malloc(sizeof(T) * n); m[0] = x; for (int i = 1; i < n; i++) m[i] = m[i - 1] * sin(x * (double)i) + x; T s = 0; for (int i = 0; i < n; i++) s += m[i] * m[i]; free(m); return s; }
template <class T> __attribute__((noinline)) T *mk(T x, int n) { T *m = (T *)malloc(sizeof(T) * n); for (int i = 0; i < n; i++) m[i] = x * x * (double)i; return m; }
template <class T> T heapcall(T x, int n) { T s = 0; for (int k = 0; k < n; k++) { T *m = mk(x, k + 1); s += m[k] * sin(m[k]) ; free(m); } return s; }
template <class T> T wloop(T x, int n) { T a = x; int k = 0; while (a < T(40.0) && k++ < 60) { a = a * a + x * a + 0.3; } return a * x; }

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
  SECOND(mem)
  SECOND(calls)
  SECOND(memcalls)
  SECOND(heap)
  SECOND(heapcall)
  SECOND(wloop)
  CHECK_END();
}
