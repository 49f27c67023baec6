// What: loops by what controls them: floats, active values, counters that wrap, multiply, shift, bounds that the body changes
// Covers: control while loop; control float counter; control wrapping counter; control break; control changing bound
// Opt: O0 O1 O2 O3
#include "flow/first.h"

template <class T> T newton(T x, int) {
  T y = x; T err = 1.0;
  while (err > T(1e-14)) { T n = (y + x / y) * 0.5; err = fabs(n - y); y = n; }
  return y;
}

template <class T> T bound(T x, int n) {
  T a = x; int m = n;
  for (int i = 0; i < m; i++) { a = a * x + 1; if (i % 3 == 2) m--; if (a > T(100.0)) { a = log(a); m++; } if (i > 40) break; }
  return a;
}

template <class T> T depths(T x, int n) {
  T a = x;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      int k = 0;
      while (1) {
        a = a + x * (i + 1) / (j + 2.0);
        if (++k > j) break;
        if (a > T(50.0)) goto out;
        if (k == 4) return a * x;
      }
      if (j == i + 2) break;
      if ((i + j) % 4 == 3) continue;
      a = a * 1.01;
    }
    a = a + cos(a);
  }
out:
  return a + x;
}

template <class T> T wrap8(T x, int n) {
  T a = x; unsigned char c = 250;
  for (; c != (unsigned char)n; c++) a = a * 0.9 + x;
  return a;
}

template <class T> T wrap16s(T x, int n) {
  T a = x; short c = (short)(n + 6);
  while (c > (short)n) { a = a * 0.9 + x * c; c -= 2; }
  return a;
}

template <class T> T multi(T x, int n) {
  T a = x;
  for (unsigned i = 1; i < (unsigned)n * 100; i *= 3) a = a + sin(x * (double)i);
  for (unsigned long k = n * 8; k; k >>= 1) a = a * x + (double)k;
  return a;
}

template <class T> T floatloop(T x, int n) {
  T a = x;
  for (double t = 0.0; t < n; t += 0.7) a = a + x * t;
  for (float t = n; t > 0.1f; t *= 0.5f) a = a * cos(x * (double)t);
  return a;
}

template <class T> T xcontrolled(T x, int n) {
  T a = 0;
  for (T t = x; t < T((double)n); t += x * 0.5) a = a + t * t;
  return a;
}

int main() {
  AGAINST_DUALS(newton)
  AGAINST_DUALS(bound)
  AGAINST_DUALS(depths)
  AGAINST_DUALS(wrap8)
  AGAINST_DUALS(wrap16s)
  AGAINST_DUALS(multi)
  AGAINST_DUALS(floatloop)
  AGAINST_DUALS(xcontrolled)
  CHECK_END();
}
