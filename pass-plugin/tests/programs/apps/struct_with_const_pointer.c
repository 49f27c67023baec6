// What: a struct that holds a pointer with a shadow beside one without, handed to functions that are not inlined.
// Covers: calls not inlined; marker enzyme_const; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
#define N static __attribute__((noinline))
struct model {
  double *w;
  const double *data;
  int n;
};

N double dot(const struct model *m) {
  double r = 0;
  for (int i = 0; i < m->n; i++)
    r += m->w[i] * m->data[i];
  return r;
}
static double loss(double *w, const double *data, int n) {
  struct model m = {w, data, n};
  return dot(&m);
}

/* The struct comes back from a function, one level down. */
struct outer {
  struct model *m;
  double scale;
};
N struct model *make(double *w, const double *data, int n) {
  struct model *m = malloc(sizeof *m);
  m->w = w;
  m->data = data;
  m->n = n;
  return m;
}
N double nested(const struct outer *o) { return o->scale * dot(o->m); }
static double deep(double *w, const double *data, int n) {
  struct outer o = {make(w, data, n), w[0]};
  double r = nested(&o);
  free(o.m);
  return r;
}

int main(void) {
  double w[3] = {1, 2, 3}, d[3] = {4, 5, 6}, dw[3] = {0};
  __enzyme_autodiff((void *)loss, enzyme_dup, w, dw, enzyme_const, d, enzyme_const, 3);
  for (int i = 0; i < 3; i++) {
    CHECK(dw[i], 4 + i);
    CHECK(d[i], 4 + i);
    CHECK(w[i], 1 + i);
    dw[i] = 0;
  }
  double t[3] = {1, 1, 1};
  CHECK(__enzyme_fwddiff((void *)loss, enzyme_dup, w, t, enzyme_const, d, enzyme_const, 3), 15);
  __enzyme_autodiff((void *)deep, enzyme_dup, w, dw, enzyme_const, d, enzyme_const, 3);
  for (int i = 0; i < 3; i++) {
    CHECK(dw[i], w[0] * d[i] + (i == 0 ? 32 : 0));
    CHECK(d[i], 4 + i);
  }
  CHECK(__enzyme_fwddiff((void *)deep, enzyme_dup, w, t, enzyme_const, d, enzyme_const, 3), 15 + 32);
  CHECK_END();
}
