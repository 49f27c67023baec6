// What: Newton's method with a loop that ends by a tolerance: the derivative of a root by its parameter.
// Covers: control while loop; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double root(double a) {
  double x = a;
  int steps = 0;
  while (fabs(x * x * x - a) > 1e-13 && steps < 100) {
    x -= (x * x * x - a) / (3 * x * x);
    steps++;
  }
  return x;
}

static double kepler(double mean, double e) {
  double x = mean;
  for (;;) {
    double step = (x - e * sin(x) - mean) / (1 - e * cos(x));
    x = x - step;
    if (fabs(step) < 1e-14)
      break;
  }
  return x;
}

static double bisect(double a) {
  double lo = 0, hi = 4;
  for (int i = 0; i < 60; i++) {
    double mid = 0.5 * (lo + hi);
    if (mid * mid < a)
      lo = mid;
    else
      hi = mid;
  }
  /* Bisection itself has a derivative of zero; one Newton step makes it right. */
  double x = 0.5 * (lo + hi);
  return x - (x * x - a) / (2 * x);
}

struct pair {
  double x, y;
};
struct pair __enzyme_autodiff_pair(void *, ...);

int main(void) {
  double a = 5, d = 1.0 / 3 * pow(a, -2.0 / 3);
  CHECK(__enzyme_autodiff((void *)root, a), d);
  CHECK(__enzyme_fwddiff((void *)root, a, 1.0), d);
  double m = 0.8, e = 0.3, x = kepler(m, e);
  struct pair g = __enzyme_autodiff_pair((void *)kepler, m, e);
  CHECK(g.x, 1 / (1 - e * cos(x)));
  CHECK(g.y, sin(x) / (1 - e * cos(x)));
  CHECK(__enzyme_autodiff((void *)bisect, 3.0), 0.5 / sqrt(3));
  CHECK_END();
}
