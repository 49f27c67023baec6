// What: an adjoint or tangent of zero stays zero when it meets an infinite partial derivative, where that is asked for.
// Covers: marker enzyme_strong_zero
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double guarded(double x, double y) {
  double inverse = 1 / x;
  return (y > 0 ? inverse : 0) + y;
}
static double inner(double x) { return log(x) * 0; }

int main(void) {
  CHECK(__enzyme_autodiff((void *)guarded, enzyme_strong_zero, enzyme_out, 0.0, enzyme_const, -1.0), 0);
  CHECK(__enzyme_fwddiff((void *)guarded, enzyme_strong_zero, enzyme_dup, 0.0, 0.0, enzyme_const, 1.0), 0);
  CHECK(__enzyme_autodiff((void *)inner, enzyme_strong_zero, 0.0), 0);
  CHECK(isnan(__enzyme_autodiff((void *)inner, 0.0)), 1);
  CHECK_END();
}
