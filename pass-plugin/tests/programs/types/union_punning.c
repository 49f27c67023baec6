// What: a union of double and long in memory, both used.
// Covers: types unions; memory reuse as another type
#include "agree.h"
#include <stdint.h>
union u { double d; int64_t l; };
static double f(double *x, int n) {
  union u a[8];
  for (int i = 0; i < n; i++) { if (i & 1) a[i].l = i; else a[i].d = x[i] * x[i]; }
  double r = 0;
  for (int i = 0; i < n; i++) { if (i & 1) r += a[i].l * x[i]; else r += a[i].d; }
  return r;
}
static double g(double *x, int n) {  // absolute values by clearing the sign bit in memory
  union u a[8];
  double r = 0;
  for (int i = 0; i < n; i++) a[i].d = x[i] * x[i] * x[i];
  for (int i = 0; i < n; i++) a[i].l &= INT64_MAX;
  for (int i = 0; i < n; i++) r += a[i].d * (i + 1);
  return r;
}
static double h(double *x, int n) {  // the power of two is made of bits
  union u a; double r = 0;
  for (int i = 0; i < n; i++) { a.l = (int64_t)(1023 + i) << 52; r += a.d * x[i] * x[i]; }
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5}); CHECK_END(); }
