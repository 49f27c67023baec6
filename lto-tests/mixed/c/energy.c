// A primal in C, which Rust differentiates; and one half of a computation that goes back and forth.
#include <math.h>

double c_energy(const double *x, unsigned long n) {
  double sum = 0;
  for (unsigned long i = 0; i + 1 < n; i++)
    sum += pow(x[i + 1] - x[i] * x[i], 2) + pow(1 - x[i], 2);
  return sum;
}

__attribute__((noinline)) double c_damp(double x, double rate) { return x * exp(-rate * x * x); }
