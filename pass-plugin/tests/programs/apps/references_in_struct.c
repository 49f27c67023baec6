// What: a struct of pointers to locals (C++'s std::tie by hand), some of which carry derivatives and some do not.
// Covers: calls not inlined; entry __enzyme_autodiff
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
#define N static __attribute__((noinline))
struct refs {
  float *f;
  int *n;
  double *d;
};
struct values {
  float f;
  int n;
  double d;
};
N void tie_one(struct refs *r, float *f) { r->f = f; }
N void tie(struct refs *r, double *d, int *n, float *f) {
  tie_one(r, f);
  r->n = n;
  r->d = d;
}
N void assign(struct refs *r, const struct values *v) {
  *r->d = v->d;
  *r->f = v->f;
  *r->n = v->n;
}
N void make(struct values *v, double x) {
  v->d = x * x;
  v->f = (float)x;
  v->n = 3;
}
static double tied(double x) {
  double a;
  int n;
  float f;
  struct refs r;
  struct values v;
  make(&v, x);
  tie(&r, &a, &n, &f);
  assign(&r, &v);
  return f > 0 ? a * n : -a;
}

int main(void) {
  double x = 1.2;
  CHECK(__enzyme_autodiff((void *)tied, enzyme_out, x), 6 * x);
  CHECK(__enzyme_autodiff((void *)tied, enzyme_out, -x), 2 * x);
  CHECK_END();
}
