// What: a fast logarithm, of the high words of doubles in an array: they are no integers of their own, and a number made of them has a slope
// Covers: refusal numbers made of the high words of doubles
// Error: "ER0007" "arithmetic on the bits of a float"
#include "check.h"
#include "enzyme.h"
#include <string.h>
void __enzyme_autodiff(void *, ...);

static double f(const double *a, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) {
    int high;
    memcpy(&high, (const char *)&a[i] + 4, 4);
    s += (double)(high - 1072632447) / 1512775 * a[i];
  }
  return s;
}

int main(void) {
  double a[3] = {1.5, 2.5, 3.7}, da[3] = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, a, da, enzyme_const, 3);
  CHECK(da[0], 1.42641);
  CHECK_END();
}
