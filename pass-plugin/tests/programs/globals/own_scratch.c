// What: internal mutable globals as scratch memory with active data.
// Covers: memory mutable globals of the module
#include "agree.h"
static double tmp[16]; static double acc; static int k;
static double f(double *x, int n) {
  acc = 0;
  for (k = 0; k < n; k++) tmp[k] = x[k] * x[k];
  for (k = 0; k < n; k++) acc += tmp[k] * tmp[k];
  return acc;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); CHECK_END(); }
