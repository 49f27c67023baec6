// What: callees behind pointers that read and write arrays, return pointers, allocate, and call on through pointers.
// Covers: calls function pointer; calls callback; memory malloc
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static void scale_all(double *x, int n, void *env) {
  for (int i = 0; i < n; i++)
    x[i] *= *(double *)env;
}
static void square_all(double *x, int n, void *env) {
  (void)env;
  for (int i = 0; i < n; i++)
    x[i] = x[i] * x[i];
}
typedef void (*step)(double *, int, void *);

static double pipeline(const double *in, int n, step *steps, int count, double *scale) {
  double *x = (double *)malloc(n * sizeof(double));
  for (int i = 0; i < n; i++)
    x[i] = in[i];
  for (int k = 0; k < count; k++)
    steps[k](x, n, scale);
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[i];
  free(x);
  return sum;
}

static double *first(double *a, double *b) { (void)b; return a; }
static double *second(double *a, double *b) { (void)a; return b; }
static double pick(double *(*which)(double *, double *), double *a, double *b) {
  double *p = which(a, b);
  *p *= 3;
  return *a * *b * *p;
}

static double *make(double x) {
  double *p = (double *)malloc(2 * sizeof(double));
  p[0] = x;
  p[1] = x * x;
  return p;
}
static void drop(double *p) { free(p); }
struct maker {
  double *(*make)(double);
  void (*drop)(double *);
};
static double factory(const struct maker *m, double x) {
  double *p = m->make(x);
  double r = p[0] * p[1];
  m->drop(p);
  return r;
}

typedef double (*visitor)(double, void *);
struct sum { double total; visitor inner; };
static double visit_square(double v, void *env) { return v * v * *(double *)env; }
static double visit_add(double v, void *env) {
  struct sum *s = (struct sum *)env;
  double k = 2;
  s->total += s->inner(v, &k);
  return 0;
}
static void for_each(const double *x, int n, visitor f, void *env) {
  for (int i = 0; i < n; i++)
    f(x[i], env);
}
static double nested(const double *x, int n) {
  struct sum s = {0, visit_square};
  for_each(x, n, visit_add, &s);
  return s.total;
}

int main(int argc, char **argv) {
  (void)argv;
  double x[3] = {1, 2, 3}, dx[3] = {0, 0, 0}, s = 1.5, ds = 0;
  step steps[3] = {scale_all, square_all, argc > 1 ? square_all : scale_all};
  __enzyme_autodiff((void *)pipeline, enzyme_dup, x, dx, enzyme_const, 3, enzyme_const, steps, enzyme_const, 3, enzyme_dup, &s, &ds);
  for (int i = 0; i < 3; i++)
    CHECK(dx[i], 2 * x[i] * s * s * s);
  CHECK(ds, 14 * 3 * s * s);
  double a = 2, b = 5, da = 0, db = 0;
  __enzyme_autodiff((void *)pick, enzyme_const, argc > 1 ? first : second, enzyme_dup, &a, &da, enzyme_dup, &b, &db);
  CHECK(b, 15);
  CHECK(da, 9 * 25);
  CHECK(db, 2 * 9 * 2 * 5);
  struct maker m = {make, drop};
  CHECK(__enzyme_autodiff((void *)factory, enzyme_const, &m, enzyme_out, 1.3), 3 * 1.3 * 1.3);
  CHECK(__enzyme_fwddiff((void *)factory, enzyme_const, &m, enzyme_dup, 1.3, 1.0), 3 * 1.3 * 1.3);
  double y[3] = {1, 2, 3}, dy[3] = {0, 0, 0};
  __enzyme_autodiff((void *)nested, enzyme_dup, y, dy, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    CHECK(dy[i], 4 * y[i]);
  double ty[3] = {1, 0, 1};
  CHECK(__enzyme_fwddiff((void *)nested, enzyme_dup, y, ty, enzyme_const, 3), 16);
  CHECK_END();
}
