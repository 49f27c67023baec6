// What: a growing array by hand: allocation, copy and access in functions that are not inlined and know no types.
// Covers: memory memmove; calls returning a pointer; memory malloc
#include "check.h"
#include "enzyme.h"
#include <string.h>
void __enzyme_autodiff(void *, ...);
struct vec { double *b, *e, *c; };
#define N static __attribute__((noinline))
N double *copy(const double *a, const double *z, double *o) {
  long n = (char*)z - (char*)a;
  if (z != a) memmove(o, a, n);
  return (double*)((char*)o + n);
}
N double *alloc(long n) { return n ? malloc(n*8) : 0; }
N void init(struct vec *v, const double *a, const double *z) {
  long n = z - a;
  v->b = alloc(n);
  v->c = v->b + n;
  v->e = copy(a, z, v->b);
}
N double *at(struct vec *v, long i) { return v->b + i; }
static double squares(const double *x, int n) {
  struct vec v;
  init(&v, x, x + n);
  double s = 0;
  for (int i = 0; i < n; i++) s += *at(&v, i) * *at(&v, i);
  free(v.b);
  return s;
}
int main(void) {
  double x[4] = {1, -2, 3, 0.5}, dx[4] = {0};
  __enzyme_autodiff((void *)squares, enzyme_dup, x, dx, enzyme_const, 4);
  for (int i = 0; i < 4; i++)
    CHECK(dx[i], 2 * x[i]);
  CHECK_END();
}
