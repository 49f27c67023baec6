// What: swap byte by byte.
// Covers: memory bytewise swaps
#include "agree.h"
static void swap(void *a, void *b, size_t n) { char *p = a, *q = b; while (n--) { char t = *p; *p++ = *q; *q++ = t; } }
static double f(double *x, int n) {
  double s[8];
  for (int i = 0; i < n; i++) s[i] = x[i] * x[i];
  for (int i = 0; i < n; i++) for (int j = i + 1; j < n; j++) if (s[j] < s[i]) swap(s + i, s + j, sizeof(double));
  double r = 0;
  for (int i = 0; i < n; i++) r += (i + 1) * s[i] * s[i];
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); CHECK_END(); }
