// What: own memcpy, byte by byte.
// Covers: memory bytewise copies
#include "agree.h"
static void *copy(void *d, const void *s, size_t n) { char *p = d; const char *q = s; for (size_t i = 0; i < n; i++) p[i] = q[i]; return d; }
static double f(double *x, int n) {
  double *t = malloc(n * sizeof *t);
  copy(t, x, n * sizeof *t);
  double r = 0;
  for (int i = 0; i < n; i++) { t[i] *= t[i]; r += (i + 1) * t[i]; }
  copy(x, t, n * sizeof *t);
  for (int i = 0; i < n; i++) r += x[i];
  free(t);
  return r;
}
int main(void) { double y[4]={1,2,3,4}; (void)y; AGREE(f, 4, {3, -1, 2, 0.5}); CHECK_END(); }
