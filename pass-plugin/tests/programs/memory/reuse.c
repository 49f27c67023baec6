// What: one buffer holds ints first, doubles later, then ints, then doubles again; floats too.
// Covers: memory reuse as another type
#include "agree.h"
#include <string.h>
static double f(double *x, int n) {
  void *buf = malloc(n * sizeof(double));
  int *k = buf; double *d = buf; float *s = buf;
  double r = 0;
  for (int i = 0; i < n; i++) k[i] = i + 1;
  int sum = 0; for (int i = 0; i < n; i++) sum += k[i];
  for (int i = 0; i < n; i++) d[i] = x[i] * x[i] * sum;
  for (int i = 0; i < n; i++) r += d[i] * d[i];
  for (int i = 0; i < n; i++) k[i] = 2 * i;
  for (int i = 0; i < n; i++) r += k[i] * x[i];
  for (int i = 0; i < n; i++) d[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) r += d[i] * d[i];
  free(buf); (void)s;
  return r;
}
static double g(double *x, int n) {
  void *buf = malloc(n * sizeof(double));
  double *d = buf; double **p = buf;
  double r = 0;
  for (int i = 0; i < n; i++) d[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) r += d[i] * d[i];
  for (int i = 0; i < n; i++) p[i] = &x[n - 1 - i];
  for (int i = 0; i < n; i++) r += (i + 1) * *p[i];
  for (int i = 0; i < n; i++) d[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) r += d[i] * d[i];
  free(buf);
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); CHECK_END(); }
