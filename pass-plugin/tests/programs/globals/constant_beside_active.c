// What: a constant table stands where active memory may: its shadow outlives the function that made it
// Covers: memory constant beside active memory; control select of pointers
#include "check.h"
#include <enzyme.h>
extern double __enzyme_autodiff(void *, ...), __enzyme_fwddiff(void *, ...);
static const double table[8] = {0.5, -0.25, 1.0, 0.75, -0.5, 0.125, -1.0, 0.25};

// Forward mode returns the shadow of the table.
static __attribute__((noinline)) const double *pick(const double *x, long c, double *y) {
  *y *= x[c];
  return c & 1 ? table : x;
}

// Leaves other numbers where the frames of functions were.
static __attribute__((noinline)) double mess(const double *x, long n) {
  double t[32];
  for (int i = 0; i < 32; i++) t[i] = x[0] * i;
  for (int i = 1; i < 32; i++) t[i] += 0.5 * t[i - 1];
  return n > 100 ? t[n & 31] : 0;
}

static double by_result(const double *x, long n) {
  double s = 0, y = 1;
  for (long i = 0; i < n; i++) {
    const double *p = pick(x, i, &y);
    s += mess(x, n);
    s += p[2] * x[1] * y;
  }
  return s;
}

// The pointers of each round are on the tape of this function, whose reverse function finds them there.
static __attribute__((noinline)) double rounds(double b, const long *k, long n) {
  double t[8], u[8];
  for (int i = 0; i < 8; i++) { t[i] = b * i; u[i] = (i + 1) * b; }
  for (long i = 0; i < n; i++) {
    double e;
    if (i & 1) e = table[(i + 2) & 7]; else e = t[k[i & 7] & 7];
    u[i & 7] = e;
    t[1] = b * b;
  }
  return u[0] * u[1] + u[2] * u[3] + u[4];
}
static double by_tape(double b, const long *k, long n) { return rounds(b, k, n) + mess(&b, n); }

int main(void) {
  double x[4] = {1, 2, 3, 4}, dx[4] = {0};
  __enzyme_autodiff((void *)by_result, enzyme_dup, x, dx, enzyme_const, 3L);
  // x2*x1*x0 + table[2]*x1*x0*x1 + x2*x1*x0*x1*x2
  double want[4] = {6 + 4 + 36, 3 + 4 + 36, 2 + 24, 0};
  for (int i = 0; i < 4; i++) {
    double e[4] = {0};
    e[i] = 1;
    CHECK(dx[i], want[i]);
    CHECK(__enzyme_fwddiff((void *)by_result, enzyme_dup, x, e, enzyme_const, 3L), want[i]);
  }
  long k[8] = {5, 3, 1, 2, 5, 1, 4, 7};
  // 5b*table[3] + b*b*table[5] + 5b
  double b = 0.75, slope = 5 * 0.75 + 2 * b * 0.125 + 5;
  CHECK(__enzyme_autodiff((void *)by_tape, enzyme_out, b, enzyme_const, k, enzyme_const, 4L), slope);
  CHECK(__enzyme_fwddiff((void *)by_tape, enzyme_dup, b, 1.0, enzyme_const, k, enzyme_const, 4L), slope);
  CHECK_END();
}
