// What: a function pointer as an argument: constant, of a user's function, of a library function, chosen at run time.
// Covers: calls function pointer argument; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }

static double apply(double (*f)(double), double x) { return 2 * f(x) + f(2 * x); }

static double twice(double (*f)(double), double x) { return f(f(x)); }

static double integrate(double (*f)(double), double a, double b, int n) {
  double h = (b - a) / n, sum = 0;
  for (int i = 0; i < n; i++)
    sum += f(a + (i + 0.5) * h);
  return sum * h;
}

static double bisect_like(double (*f)(double, double), double p, double x) {
  for (int i = 0; i < 4; i++)
    x = x - f(x, p) / (2 * x);
  return x;
}
static double residual(double x, double p) { return x * x - p; }

int main(int argc, char **argv) {
  (void)argv;
  CHECK(__enzyme_autodiff((void *)apply, enzyme_const, square, 3.0), 12 + 24);
  CHECK(__enzyme_autodiff((void *)apply, enzyme_const, cube, 1.0), 6 + 24);
  CHECK(__enzyme_autodiff((void *)apply, enzyme_const, sin, 0.5), 2 * cos(0.5) + 2 * cos(1.0));
  CHECK(__enzyme_autodiff((void *)apply, enzyme_const, exp, 0.5), 2 * exp(0.5) + 2 * exp(1.0));
  double (*chosen)(double) = argc > 1 ? square : cube;
  CHECK(__enzyme_autodiff((void *)apply, enzyme_const, chosen, 1.0), 30);
  CHECK(__enzyme_fwddiff((void *)apply, enzyme_const, chosen, 1.0, 1.0), 30);
  CHECK(__enzyme_autodiff((void *)twice, enzyme_const, chosen, 1.1), 9 * pow(1.1, 8));
  CHECK(__enzyme_fwddiff((void *)twice, enzyme_const, cos, 1.1, 1.0), sin(cos(1.1)) * sin(1.1));
  double n = 64;
  struct two { double a, b; };
  struct two __enzyme_autodiff_two(void *, ...);
  struct two d = __enzyme_autodiff_two((void *)integrate, enzyme_const, chosen, 0.0, 1.0, (int)n);
  (void)d;
  double w = __enzyme_fwddiff((void *)integrate, enzyme_const, chosen, 0.0, 0.0, 2.0, 1.0, 64);
  double v = __enzyme_autodiff((void *)integrate, enzyme_const, chosen, enzyme_const, 0.0, enzyme_out, 2.0, enzyme_const, 64);
  CHECK(v, w);
  CHECK_TOL(v, 8, 1e-3);
  double g = __enzyme_autodiff((void *)bisect_like, enzyme_const, residual, enzyme_out, 2.0, enzyme_const, 1.5);
  CHECK_TOL(g, 1 / (2 * sqrt(2.0)), 1e-9);
  CHECK_END();
}
