// What: second derivatives in every order: through stack and heap memory, callees, loops of unknown length
// Covers: second forward over reverse; second reverse over reverse; memory malloc
// Opt: O0 O2
#include "flow/second.h"

template <class T> T mem(T x, int n) { T m[8]; for (int i = 0; i < 8; i++) m[i] = x * (double)(i + 1); for (int k = 0; k < n; k++) for (int i = 0; i < 8; i++) m[i] = m[i] * 0.9 + sin(m[(i + 1) % 8]); T s = 0; for (int i = 0; i < 8; i++) s += m[i] * m[i]; return s; }
template <class T> __attribute__((noinline)) T helper(T a, T b) { return sin(a) * b + a * a; }
template <class T> T calls(T x, int n) { T a = x; for (int i = 0; i < n; i++) a = helper(a, x) * 0.5; return a; }
template <class T> __attribute__((noinline)) void step(T *m, int n, T x) { for (int i = 0; i < n; i++) m[i] = m[i] * x + sin(m[i]); }
template <class T> T memcalls(T x, int n) { T m[4] = {x, x * x, T(1.0), x + 1.0}; for (int i = 0; i < n; i++) step(m, 4, x * 0.7); return m[0] + m[1] * m[2] + m[3]; }
template <class T> T heap(T x, int n) { T *m = (T *)malloc(sizeof(T) * n); m[0] = x; for (int i = 1; i < n; i++) m[i] = m[i - 1] * sin(x * (double)i) + x; T s = 0; for (int i = 0; i < n; i++) s += m[i] * m[i]; free(m); return s; }
template <class T> __attribute__((noinline)) T *mk(T x, int n) { T *m = (T *)malloc(sizeof(T) * n); for (int i = 0; i < n; i++) m[i] = x * x * (double)i; return m; }
template <class T> T heapcall(T x, int n) { T s = 0; for (int k = 0; k < n; k++) { T *m = mk(x, k + 1); s += m[k] * sin(m[k]) ; free(m); } return s; }
template <class T> T wloop(T x, int n) { T a = x; int k = 0; while (a < T(40.0) && k++ < 60) { a = a * a + x * a + 0.3; } return a * x; }

int main() {
  SECOND(mem)
  SECOND(calls)
  SECOND(memcalls)
  SECOND(heap)
  SECOND(heapcall)
  SECOND(wloop)
  CHECK_END();
}
