// What: inactive pointers beside active ones.
// Covers: memory inactive objects beside active ones
#include "agree.h"
static const double tab[4] = {1, 2, 3, 4};
static double w[4] = {4, 3, 2, 1};
static double f(double *x, int n) { const double *p[2] = {x, tab}; double r = 0; for (int i = 0; i < 2 * n; i++) r += p[i & 1][i / 2] * p[i & 1][i / 2] * (i + 1); return r; }
static double g(double *x, int n) { double r = 0; for (int i = 0; i < n; i++) { const double *p = x[i] > 0 ? x : tab; r += p[i] * p[i] * x[i]; } return r; }
static double h(double *x, int n) { double r = 0; for (int i = 0; i < n; i++) { const double *p = x[i] > 0 ? x : w; r += p[i] * p[i] * x[i]; } return r; }
struct s { double *a; const double *b; };
static double k(double *x, const double *c, int n) { struct s s = {x, c}; double r = 0; for (int i = 0; i < n; i++) r += s.a[i] * s.b[i] * s.a[i]; return r; }
static double m(double *x, const double *c, int n) { double r = 0; for (int i = 0; i < n; i++) { const double *p = x[i] > 0 ? x : c; r += p[i] * p[i] * x[i]; } return r; }
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5});
  double x[3] = {1,2,-3}, d[3] = {0}, c[3] = {5,6,7};
  __enzyme_autodiff((void *)k, enzyme_dup, x, d, enzyme_const, c, enzyme_const, 3); CHECK(d[1], 24); CHECK(d[2], -42);
  double d2[3] = {0};
  __enzyme_autodiff((void *)m, enzyme_dup, x, d2, enzyme_const, c, enzyme_const, 3); CHECK(d2[1], 12); CHECK(d2[2], 49);
  CHECK_END(); }
