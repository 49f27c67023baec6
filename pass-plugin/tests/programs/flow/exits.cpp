// What: zero-trip and infinite loops, exits at several depths, short-circuits, several returns, loops over memory
// Covers: control zero-trip loop; control infinite loop; control several returns; control unreachable exit; control pointer counter; control long loop; control short circuit
// Opt: O0 O1 O2 O3
#include "flow/first.h"

template <class T> T zerotrip(T x, int n) {
  T a = x;
  for (int i = n; i < 3; i++) a = a * x;
  for (int i = 0; i < n - 100; i++) for (int j = 0; j < i; j++) a = a + x;
  return a;
}

template <class T> T infinite(T x, int n) {
  T a = x; int i = 0;
  for (;;) { a = a + sin(a); if (i++ == n) { if (a > x) break; else return x * x; } }
  return a * a;
}

template <class T> T shortc(T x, int n) {
  T a = x;
  for (int i = 0; i < n; i++) {
    if ((a > T(1.0) && a < T(3.0)) || (i % 2 && a * x > T(4.0))) a = a * 1.5; else a = a + x;
    T m = a < x ? a : (a > x * 3.0 ? x * 3.0 + sin(a) : a * a);
    a = m * 0.7;
    a = a > T(0.0) && !(i == 2) ? a : -a;
  }
  return a;
}

template <class T> T many_returns(T x, int n) {
  if (n < 0) return x;
  if (x > T(5.0)) return x * x;
  for (int i = 0; i < n; i++) { if (i == 3) return sin(x) * i; if (x * (double)i > T(100.0)) return x; if (i == 50) return cos(x); }
  if (n == 2) return exp(x);
  return x * 3.0;
}

template <class T> T assertloop(T x, int n) {
  T a = x;
  for (int i = 0; i < n; i++) { if (!(a > T(-1e9))) abort(); if (i > 1000) exit(3); a = a * x; if (i > 100) { fprintf(stderr, "bad %d\n", i); abort(); } }
  return a;
}

template <class T> T ptrloop(T x, int n) {
  T buf[16]; for (int i = 0; i < 16; i++) buf[i] = x * (double)i;
  T *p = buf, *e = buf + n; T s = 0;
  while (p != e) s += *p++ * x;
  for (T *q = e; q-- > buf;) s = s * 0.5 + *q;
  T *cur = buf; // loop-carried pointer
  for (int i = 0; i < n; i++) { *cur = s * *cur; cur = (i % 3 == 0) ? buf + (i * 5) % 16 : cur + (cur < buf + 15); s += *cur; }
  return s;
}

template <class T> T memwrites(T x, int n) {
  T m[8]; for (int i = 0; i < 8; i++) m[i] = x + (double)i;
  for (int i = 0; i < 8; i++) { m[i] = m[i] * m[(i + 3) % 8]; if (m[i] > T(30.0)) { m[0] = m[i] * 2.0; break; } m[(i * 7) % 8] = sin(m[i]); }
  T s = 0; for (int i = 0; i < 8; i++) s += m[i] * (double)(i + 1);
  return s;
}

template <class T> T boundmem(T x, int n) {
  int b[4] = {n, n + 1, 2, 1}; T a = x;
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < b[i]; j++) { a = a + x * sin(a); if (j == 1) b[(i + 1) % 4] = j + 1; }
    b[i] = 0;
  }
  return a;
}

template <class T> T whiletrue2(T x, int n) {
  T a = x; int i = n;
  do { do { a = a + x; i--; } while (i > 3 && a < T(20.0)); a = a * x; if (i < -5) break; } while (a < T(1000.0));
  return a;
}

template <class T> T manyloop(T x, int n) {
  T a = x;
  for (long i = 0; i < 200000L + n; i++) { a = a * 0.99999 + x * 1e-5; if (a > T(1e6)) a = sqrt(a); }
  return a;
}

int main() {
  AGAINST_DUALS(zerotrip)
  AGAINST_DUALS(infinite)
  AGAINST_DUALS(shortc)
  AGAINST_DUALS(many_returns)
  AGAINST_DUALS(assertloop)
  AGAINST_DUALS(ptrloop)
  AGAINST_DUALS(memwrites)
  AGAINST_DUALS(boundmem)
  AGAINST_DUALS(whiletrue2)
  AGAINST_DUALS(manyloop)
  CHECK_END();
}
