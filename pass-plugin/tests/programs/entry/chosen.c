// What: the function to differentiate is chosen at run time, kept in a variable, or a parameter of the caller.
// Covers: entry __enzyme_autodiff; calls function pointer as marker operand
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }

static double (*const table)(double) = cube;

static double derivative(double (*f)(double), double x) { return __enzyme_autodiff((void *)f, x); }

static double either(int c, double x) {
  double (*f)(double) = c ? square : cube;
  return __enzyme_fwddiff((void *)f, x, 1.0);
}

int main(int argc, char **argv) {
  (void)argv;
  CHECK(derivative(square, 3), 6);
  CHECK(derivative(cube, 3), 27);
  CHECK(either(argc > 0, 3), 6);
  CHECK(either(argc > 1000, 3), 27);
  double (*kept)(double) = square;
  CHECK(__enzyme_autodiff((void *)kept, 5.0), 10);
  CHECK(__enzyme_autodiff((void *)table, 2.0), 12);
  CHECK_END();
}
