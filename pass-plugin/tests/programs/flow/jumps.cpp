// What: jumps into loops (Duff's device, cycles with two, three and four entries), state machines, an interpreter
// Covers: control irreducible; control goto; control switch
// Opt: O0 O1 O2 O3
#include "flow/first.h"

template <class T> T duff(T x, int n) {
  T s = 0; int k = (n + 7) / 8;
  switch (n % 8) {
  case 0: do { s += x * s + x;
  case 7: s += sin(x);
  case 6: s = s * x + 1;
  case 5: s += x;
  case 4: s = s * cos(x);
  case 3: s += x * x;
  case 2: s = s - x;
  case 1: s += x / 2; } while (--k > 0);
  }
  return s;
}

template <class T> T twoentry(T x, int n) {
  T a = x; int i = 0;
  if (n % 2) goto B;
A: a = a * x + sin(a); i++;
B: a = a + x * 0.5; i++;
  if (i < n) goto A;
  return a;
}

template <class T> T nestirr(T x, int n) {
  T a = x; int i = 0, j = 0;
  if (n & 1) goto in;
out:
  j = 0; a = a * cos(x);
in:
  a = a + sin(x * a); j++;
  if (j < 3) { if (a > T(10.0)) goto done; goto in; }
  i++;
  if (i < n) goto out;
done:
  return a;
}

template <class T> T irrswitch(T x, int n) {
  T m[4] = {x, x * x, T(1.0), x + 2.0}; int i = 0;
  switch (n % 4) { case 0: goto L0; case 1: goto L1; case 2: goto L2; default: goto L3; }
L0: m[0] = m[0] * m[1]; i++;
L1: m[1] = sin(m[1]) + m[2]; i++; if (i > 9) goto end;
L2: m[2] = m[2] * 0.5 + m[3]; i++; if (m[2] > T(4.0)) goto L0;
L3: m[3] = m[3] - 0.1 * m[0]; i++; if (i < 7) goto L1; if (i < 20) goto L0;
end: return m[0] + 2.0 * m[1] + 3.0 * m[2] + 4.0 * m[3];
}

template <class T> T machine(T x, int n) {
  int st = 0; T a = x;
  while (n > 0) {
    switch (st) {
    case 0: a = a * x; st = 3; break;
    case 1: a = sin(a); st = n > 5 ? 2 : 7; break;
    case 2: a = a + x; st = 0; continue;
    case 3: a = a - 0.5; st = 1; break;
    case 7: return a * a;
    default: a = a * 2.0;
    }
    n--;
  }
  return a;
}

template <class T> T interp(T x, int n) {
  static const unsigned char code[] = {1, 0, 2, 3, 1, 4, 5, 2, 6, 1, 0, 3, 7, 2, 8, 255};
  T st[16]; int sp = 0, pc = 0, count = 0; st[sp++] = x;
  for (;;) {
    unsigned char op = code[pc++];
    if (op == 255) break;
    switch (op) {
    case 0: st[sp] = x; sp++; break;
    case 1: st[sp] = st[sp - 1]; sp++; break;
    case 2: sp--; st[sp - 1] = st[sp - 1] * st[sp]; break;
    case 3: st[sp - 1] = sin(st[sp - 1]); break;
    case 4: st[sp - 1] = st[sp - 1] + 1.0; break;
    case 5: st[sp - 1] = cos(st[sp - 1]) ; break;
    case 6: st[sp++] = x * 2.0; break;
    case 7: if (count++ < n) pc = 9; break;
    case 8: st[sp - 1] = exp(st[sp - 1] * 0.01); break;
    default: return st[0];
    }
    if (sp > 14) sp = 14;
  }
  T s = 0; while (sp > 0) s += st[--sp];
  return s;
}

template <class T> T sparse(T x, long long n) {
  T a = x;
  switch (n) {
  case -5000000000LL: a = a * x;
  case 17: a = a + sin(x); break;
  case 1000: case 1001: a = exp(x);
  case 123456789012LL: a = a * a; break;
  default: a = a / 3.0;
  }
  return a;
}

int main() {
  AGAINST_DUALS(duff)
  AGAINST_DUALS(twoentry)
  AGAINST_DUALS(nestirr)
  AGAINST_DUALS(irrswitch)
  AGAINST_DUALS(machine)
  AGAINST_DUALS(interp)
  AGAINST_DUALS(sparse)
  CHECK_END();
}
