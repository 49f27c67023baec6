// A program on its own, for flows without LTO.
#include <math.h>

double __enzyme_autodiff(void *, ...);

double f(double x) { return x * sin(x); }

int main(void) {
  double got = __enzyme_autodiff((void *)f, 1.5);
  return fabs(got - (sin(1.5) + 1.5 * cos(1.5))) > 1e-12;
}
