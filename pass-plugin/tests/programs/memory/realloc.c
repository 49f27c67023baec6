// What: growing vectors with realloc, in a struct.
// Covers: memory realloc
#include "agree.h"
struct vec { double *a; int n, cap; };
static void push(struct vec *v, double x) { if (v->n == v->cap) { v->cap = v->cap ? 2 * v->cap : 1; v->a = realloc(v->a, v->cap * sizeof(double)); } v->a[v->n++] = x; }
static double f(double *x, int n) {
  struct vec v = {0, 0, 0}; double r = 0;
  for (int i = 0; i < n; i++) { push(&v, x[i] * x[i]); push(&v, x[i]); }
  for (int i = 0; i < v.n; i++) r += (i + 1) * v.a[i] * v.a[i];
  free(v.a);
  return r;
}
int main(void) { AGREE(f, 5, {3, -1, 2, 0.5, 7}); CHECK_END(); }
