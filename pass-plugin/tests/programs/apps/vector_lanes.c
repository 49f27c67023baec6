// What: vectors of four doubles loaded from and stored to arrays of doubles whose elements are read one by one.
// Covers: types vector_size; memory memcpy
#include "check.h"
#include "enzyme.h"
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

typedef double lanes __attribute__((vector_size(32)));

static double mixed(double b) {
  double v = 0.5 - b, t[8];
  for (int i = 0; i < 8; i++)
    t[i] = 0.125 * (i + 1) * v;
  lanes l, m;
  memcpy(&l, t + 4, 32);
  memcpy(&m, t, 32);
  l = 0.5 * (l + m);
  memcpy(t + 4, &l, 32);
  t[2] = tanh(0.5 < t[2] ? 0.5 : t[7]);
  return t[7] + 2 * t[2];
}

int main(void) {
  double b = 0.3, v = 0.2, t7 = 0.5 * (1 + 0.5) * v, th = tanh(t7);
  double want = -0.75 * (1 + 2 * (1 - th * th));
  CHECK(__enzyme_autodiff((void *)mixed, enzyme_out, b), want);
  CHECK(__enzyme_fwddiff((void *)mixed, enzyme_dup, b, 1.0), want);
  CHECK_END();
}
