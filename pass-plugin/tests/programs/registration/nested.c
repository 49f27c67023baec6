// What: rules in harder places: second derivatives, tapes as structs, split calls, callers with loops and conditions, rules that call rules
// Covers: registration __enzyme_register_gradient; calls second derivative
#include "../check.h"
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_dup, enzyme_const;

// Forward over reverse: the gradient is differentiated like any function.
double cube(double x) { return x * x * x; }
struct TV { double tape, value; };
struct TV aug_cube(double x) { struct TV r = {x * x, x * x * x}; return r; }
double grad_cube(double x, double d, double tape) { return 3 * tape * d; }
void *__enzyme_register_gradient_cube[] = {(void *)cube, (void *)aug_cube, (void *)grad_cube};
double f(double x) { return cube(x) * x; }
double df(double x) { return __enzyme_autodiff((void *)f, x); }

// A tape of three numbers by value.
struct Big { double a, b, c; };
void scale(double *x, double k, int n) { for (int i = 0; i < n; i++) x[i] *= k; }
struct Big aug_scale(double *x, double *dx, double k, int n) { struct Big t = {k, 2 * k, 3 * k}; double s = 0; for (int i = 0; i < n; i++) { s += x[i]; x[i] *= k; } t.b = s; return t; }
double grad_scale(double *x, double *dx, double k, int n, struct Big t) { double d = 0; for (int i = 0; i < n; i++) { d += dx[i] * t.b / n; dx[i] *= t.a; } return d; }
void *__enzyme_register_gradient_scale[] = {(void *)scale, (void *)aug_scale, (void *)grad_scale};
double g(double *x, double k, int n) { for (int i = 0; i < 2; i++) scale(x, k, n); return x[0]; }

double pick(double x, int c) { double r = 0; for (int i = 0; i < 4; i++) { if ((i ^ c) & 1) r += cube(x + i); else if (i == 2) continue; else r -= x; if (r > 1e6) break; } return r; }
// A rule that calls a function with a rule.
double six(double x) { return cube(x) * cube(x); }
double aug_six(double x) { return cube(x) * cube(x); }
double grad_six(double x, double d) { return 6 * d * cube(x) * x * x; }
void *__enzyme_register_gradient_six[] = {(void *)six, (void *)aug_six, (void *)grad_six};
double h(double x) { return six(x); }
double dh(double x) { return __enzyme_autodiff((void *)h, x); }
// an inactive float arg, const pointer without shadow in rule
double table(const double *t, double x, void *ctx) { return t[0] * x + *(int *)ctx; }
double aug_table(const double *t, double x, void *ctx) { return t[0] * x + *(int *)ctx; }
double grad_table(const double *t, double x, void *ctx, double d) { return 50 * d; }
void *__enzyme_register_gradient_table[] = {(void *)table, (void *)aug_table, (void *)grad_table};
double k(double x, const double *t) { int c = 3; return table(t, x, &c) * 2; }

int main() {
  double x = 1.5;
  CHECK(df(x), 4 * x * x * x);
  CHECK(__enzyme_fwddiff((void *)df, x, 1.0), 12 * x * x);
  CHECK(__enzyme_autodiff((void *)df, x), 12 * x * x);
  double v[2] = {2, 4}, dv[2] = {0, 0};
  double dk = __enzyme_autodiff((void *)g, enzyme_dup, v, dv, 3.0, enzyme_const, 2);
  CHECK(dv[0], 9);
  // second call: sum 18/2 = 9, then first: dx = 3 * 3
  CHECK(dk, 9.0 + 3 * 3.0);
  CHECK(__enzyme_autodiff((void *)pick, x, 0), 3 * (x + 1) * (x + 1) + 3 * (x + 3) * (x + 3) - 1);
  CHECK(dh(x), 6 * pow(x, 5));
  CHECK(__enzyme_fwddiff((void *)dh, x, 1.0), 30 * pow(x, 4));
  double t[1] = {2};
  CHECK(__enzyme_autodiff((void *)k, x, enzyme_const, t), 100);
  CHECK_END();
}
