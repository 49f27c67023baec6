// What: second derivatives in every order: formulas, loops and branches
// Covers: second forward over forward; second forward over reverse; second reverse over forward; second reverse over reverse
// Opt: O0 O1 O2 O3
#include "flow/second.h"

template <class T> T poly(T x, int n) { return x * x * x + x * 2.0; }
template <class T> T trans(T x, int n) { return sin(x) * exp(x) + log(x) / (x + 1.0) + sqrt(x * x + 1.0) + tanh(x); }
template <class T> T powx(T x, int n) { return pow(x, T(2.5)) + x / (x * x + 3.0); }
template <class T> T loop(T x, int n) { T a = x; for (int i = 0; i < n; i++) a = a * sin(a) + x; return a; }
template <class T> T branch(T x, int n) { T a = x; for (int i = 0; i < n; i++) { if (a > T(1.5)) a = a * 0.5 + sin(a); else a = a * a + x; } return a; }
template <class T> T nested(T x, int n) { T a = x; for (int i = 0; i < n; i++) for (int j = 0; j < i; j++) a = a * cos(a * 0.3) + x * (double)j; return a; }

int main() {
  SECOND(poly)
  SECOND(trans)
  SECOND(powx)
  SECOND(loop)
  SECOND(branch)
  SECOND(nested)
  CHECK_END();
}
