// What: globals: constant tables, counters, flags, caches with inactive data, mutable tables that are only read.
// Covers: memory inactive globals; memory constant tables
#include "agree.h"
static const double table[4] = {1, 2, 3, 4};
double weights[4] = {4, 3, 2, 1};
int calls; static int last; static double cache[8]; static int cached; double scale = 2.5;
static double *cur = weights;
static double f(double *x, int n) {
  calls++; last = n;
  if (!cached) { for (int i = 0; i < 8; i++) cache[i] = i * i; cached = 1; }
  static int init; static double local[4];
  if (!init) { for (int i = 0; i < 4; i++) local[i] = table[i] + 1; init = 1; }
  double r = 0;
  for (int i = 0; i < n; i++) r += table[i] * weights[i] * cache[i] * local[i] * scale * cur[i] * x[i] * x[i];
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); CHECK(last, 4); CHECK_END(); }
