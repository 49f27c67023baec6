// What: tagged unions of double, int and pointer, in an array, copied by assignment.
// Covers: memory tagged unions
#include "agree.h"
struct v { int tag; union { double d; long l; double *p; } u; };
static double eval(struct v v) { switch (v.tag) { case 0: return v.u.d; case 1: return (double)v.u.l; default: return *v.u.p; } }
static double f(double *x, int n) {
  struct v a[8], b[8];
  for (int i = 0; i < n; i++) {
    a[i].tag = i % 3;
    if (i % 3 == 0) a[i].u.d = x[i] * x[i];
    else if (i % 3 == 1) a[i].u.l = i;
    else a[i].u.p = &x[i];
  }
  for (int i = 0; i < n; i++) b[n - 1 - i] = a[i];
  double r = 0;
  for (int i = 0; i < n; i++) r += (i + 1) * eval(b[i]) * eval(b[i]);
  return r;
}
int main(void) { AGREE(f, 6, {3, -1, 2, 0.5, 4, 1.5}); CHECK_END(); }
