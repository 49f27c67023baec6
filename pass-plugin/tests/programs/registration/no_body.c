// What: a function that is only declared here is differentiated by its rules, in both directions; vector modes call them per lane
// Covers: registration __enzyme_register_gradient; registration __enzyme_register_derivative; marker enzyme_width
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_dup, enzyme_width, enzyme_const;
struct Two { double x, y; };
extern struct Two __enzyme_fwddiff_two(void *, ...);

// Weak: defined nowhere, called never.
extern double elsewhere(double x, const double *table, int n) __attribute__((weak));
struct Out { double value; };
static double polynomial(double x, const double *table, int n) {
  double r = 0;
  for (int i = n; i-- > 0;)
    r = r * x + table[i];
  return r;
}
double augmented(double x, const double *table, double *d_table, int n) { return polynomial(x, table, n); }
double gradient(double x, const double *table, double *d_table, int n, double d) {
  double r = 0, p = 1;
  for (int i = 0; i < n; i++) {
    d_table[i] += d * p;
    if (i > 0)
      r += i * table[i] * pow(x, i - 1);
    p *= x;
  }
  return r * d;
}
struct Both { double value, tangent; };
struct Both forward(double x, double dx, const double *table, const double *d_table, int n) {
  struct Both r = {polynomial(x, table, n), 0};
  double p = 1;
  for (int i = 0; i < n; i++) {
    r.tangent += d_table[i] * p;
    if (i > 0)
      r.tangent += i * table[i] * pow(x, i - 1) * dx;
    p *= x;
  }
  return r;
}
void *__enzyme_register_gradient_elsewhere[] = {(void *)elsewhere, (void *)augmented, (void *)gradient};
void *__enzyme_register_derivative_elsewhere[] = {(void *)elsewhere, (void *)forward};

double f(double x, double *table) {
  double y = elsewhere(x * x, table, 3);
  return y * y;
}

int main() {
  double t[3] = {1, -2, 0.5}, dt[3] = {0, 0, 0};
  double x = 1.25, u = x * x, y = 1 - 2 * u + 0.5 * u * u;
  double dy = (-2 + u) * 2 * x;
  CHECK(__enzyme_autodiff((void *)f, x, t, dt), 2 * y * dy);
  for (int i = 0; i < 3; i++)
    CHECK(dt[i], 2 * y * pow(u, i));
  double st[3] = {0, 1, 0};
  CHECK(__enzyme_fwddiff((void *)f, x, 1.0, t, st), 2 * y * (dy + u));
  double s2[3] = {1, 0, 0};
  struct Two two = __enzyme_fwddiff_two((void *)f, enzyme_width, 2, x, 1.0, 0.0, t, st, s2);
  CHECK(two.x, 2 * y * (dy + u));
  CHECK(two.y, 2 * y);
  CHECK_END();
}
