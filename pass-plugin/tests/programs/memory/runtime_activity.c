// What: enzyme_runtime_activity: a pointer whose shadow is itself is inactive, whatever it is stored beside.
// Covers: marker enzyme_runtime_activity
#include "agree.h"
#include <string.h>
double weights[3] = {2, 3, 4};
struct model { double *w; double *x; int n; };
static double dot(struct model *m) { double r = 0; for (int i = 0; i < m->n; i++) r += m->w[i] * m->x[i] * m->x[i]; return r; }
static double pick(double *x, double *c, int n) { double r = 0; for (int i = 0; i < n; i++) { double *p = i & 1 ? c : x; r += p[i] * p[i]; } return r; }
static double mixed(double *x, double *c, int n) { struct model m = {c, x, n}; return dot(&m); }
static double table(double *x, int n) { struct model m = {weights, x, n}; double *p[2] = {m.w, m.x}; double r = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 2; j++) r += p[j][i] * x[i]; return r; }
__attribute__((noinline)) static double sum(double **p, int n) { double r = 0; for (int j = 0; j < 2; j++) for (int i = 0; i < n; i++) r += (j + 1) * p[j][i] * p[j][i]; return r; }
static double deep(double *x, double *c, int n) { double *p[2] = {x, c}; return sum(p, n); }
int main(void) {
  double x[3] = {1, 2, 3}, c[3] = {4, 5, 6};
  { double d[3] = {0}; __enzyme_autodiff((void *)pick, enzyme_runtime_activity, enzyme_dup, x, d, enzyme_const, c, enzyme_const, 3); CHECK(d[0], 2); CHECK(d[1], 0); CHECK(d[2], 6); }
  { double d[3] = {0}; __enzyme_autodiff((void *)pick, enzyme_runtime_activity, enzyme_dup, x, d, enzyme_dup, c, c, enzyme_const, 3); CHECK(d[0], 2); CHECK(c[1], 5); }
  { double d[3] = {0}; __enzyme_autodiff((void *)mixed, enzyme_runtime_activity, enzyme_dup, x, d, enzyme_const, c, enzyme_const, 3); CHECK(d[0], 8); CHECK(d[1], 20); CHECK(c[0], 4); }
  { double d[3] = {0}; __enzyme_autodiff((void *)table, enzyme_runtime_activity, enzyme_dup, x, d, enzyme_const, 3); CHECK(d[0], 2 + 2); CHECK(d[1], 3 + 4); CHECK(weights[1], 3); }
  { double d[3] = {0}; __enzyme_autodiff((void *)deep, enzyme_runtime_activity, enzyme_dup, x, d, enzyme_const, c, enzyme_const, 3); CHECK(d[0], 2); CHECK(d[2], 6); CHECK(c[0], 4); }
  { double t[3] = {1, 1, 1}; CHECK(__enzyme_fwddiff((void *)pick, enzyme_runtime_activity, enzyme_dup, x, t, enzyme_const, c, enzyme_const, 3), 8);
    CHECK(__enzyme_fwddiff((void *)pick, enzyme_runtime_activity, enzyme_dup, x, t, enzyme_dup, c, c, enzyme_const, 3), 8);
    CHECK(__enzyme_fwddiff((void *)deep, enzyme_runtime_activity, enzyme_dup, x, t, enzyme_const, c, enzyme_const, 3), 12);
    CHECK(__enzyme_fwddiff((void *)table, enzyme_runtime_activity, enzyme_dup, x, t, enzyme_const, 3), 9 + 12); }
  { struct model m = {c, x, 3}; double d[3] = {0}; struct model s = {c, d, 3};
    __enzyme_autodiff((void *)dot, enzyme_runtime_activity, enzyme_dup, &m, &s); CHECK(d[0], 8); CHECK(d[2], 36); CHECK(c[2], 6); }
  CHECK_END();
}
