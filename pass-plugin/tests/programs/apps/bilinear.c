// What: bilinear interpolation in a grid at a differentiated position, and the bilinear weights as the grid's gradient.
// Covers: instruction fptosi; memory variable index
#include "check.h"
#include "enzyme.h"
struct pair {
  double x, y;
};
struct pair __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double sample(const float *grid, int w, int h, double x, double y) {
  int i = (int)floor(x), j = (int)floor(y);
  if (i < 0)
    i = 0;
  if (j < 0)
    j = 0;
  if (i > w - 2)
    i = w - 2;
  if (j > h - 2)
    j = h - 2;
  double u = x - i, v = y - j;
  const float *p = grid + j * w + i;
  return (1 - u) * (1 - v) * p[0] + u * (1 - v) * p[1] + (1 - u) * v * p[w] + u * v * p[w + 1];
}

int main(void) {
  float g[12], dg[12] = {0};
  for (int i = 0; i < 12; i++)
    g[i] = (float)(i * i % 7);
  double x = 1.25, y = 0.5;
  struct pair d = __enzyme_autodiff((void *)sample, enzyme_dup, g, dg, enzyme_const, 4, enzyme_const, 3, enzyme_out, x,
                                    enzyme_out, y);
  CHECK(d.x, 0.5 * (g[2] - g[1]) + 0.5 * (g[6] - g[5]));
  CHECK(d.y, 0.75 * (g[5] - g[1]) + 0.25 * (g[6] - g[2]));
  for (int i = 0; i < 12; i++) {
    double want = i == 1 ? 0.375 : i == 2 ? 0.125 : i == 5 ? 0.375 : i == 6 ? 0.125 : 0;
    CHECK_TOL(dg[i], want, 1e-6);
  }
  CHECK(__enzyme_fwddiff((void *)sample, enzyme_const, g, enzyme_const, 4, enzyme_const, 3, enzyme_dup, x, 1.0,
                         enzyme_dup, y, 2.0),
        d.x + 2 * d.y);
  CHECK_END();
}
