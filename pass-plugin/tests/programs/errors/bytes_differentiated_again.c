// What: the gradient of a function that copies floats byte by byte, differentiated: its adjoints are bits on the way
// Covers: refusal second derivatives through bytewise copies
// Opt: O0
// Error: "ER0006" "byte by byte is differentiated again" "memcpy"
#include "check.h"
#include "enzyme.h"
void __enzyme_autodiff(void *, ...);
void __enzyme_fwddiff(void *, ...);

static double cubes(double *x) {
  double y[4], r = 0;
  for (int i = 0; i < 32; i++)
    ((char *)y)[i] = ((const char *)x)[i];
  for (int i = 0; i < 4; i++)
    r += y[i] * y[i] * y[i];
  return r;
}

static void gradient(double *x, double *dx) {
  __enzyme_autodiff((void *)cubes, enzyme_dup, x, dx);
}

int main() {
  double x[4] = {1, 2, 3, 4}, v[4] = {1}, g[4] = {0}, h[4] = {0};
  __enzyme_fwddiff((void *)gradient, enzyme_dup, x, v, enzyme_dup, g, h);
  CHECK(h[0], 6.0);
  CHECK_END();
}
