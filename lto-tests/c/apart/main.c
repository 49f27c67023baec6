// What is differentiated lies in other files, two calls deep and not to be inlined: only link-time optimisation sees it.
#include <math.h>
#include <stdio.h>

extern int enzyme_dup, enzyme_const;
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

double energy(const double *x, int n);

int main(void) {
  double x[3] = {0.5, 1.5, -2.0}, grad[3] = {0, 0, 0}, dx[3] = {0, 1, 0};
  __enzyme_autodiff((void *)energy, enzyme_dup, x, grad, enzyme_const, 3);
  double tangent = __enzyme_fwddiff((void *)energy, enzyme_dup, x, dx, enzyme_const, 3);
  int bad = fabs(tangent - grad[1]) > 1e-12;
  for (int i = 0; i < 3; i++) {
    double want = (i + 1) * (cos(x[i]) * x[i] + sin(x[i]));
    if (fabs(grad[i] - want) > 1e-12) {
      printf("%d: %g is not %g\n", i, grad[i], want);
      bad = 1;
    }
  }
  return bad;
}
