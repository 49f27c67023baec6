// What: structs whose types only address computations tell, at -O0: arrays, counts and pointers side by side
// Covers: memory struct members told apart by address computations
// Flags: -fno-strict-aliasing
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff_d(void *, ...);
void __enzyme_autodiff_v(void *, ...);
#include <stdlib.h>

// Counts that are computed from other counts lie beside the pointers.
struct tensor {
  long dims[3], strides[3];
  const double *data;
  long offset, size;
  double scale;
};

static struct tensor *slice(const struct tensor *t, long from, long n) {
  struct tensor *s = malloc(sizeof *s);
  *s = *t;
  s->dims[0] = n;
  s->offset = t->offset + from * t->strides[0];
  s->size = 1;
  for (int i = 0; i < 3; i++)
    s->size = s->size + s->dims[i] - 1;
  return s;
}

__attribute__((noinline)) static double walk(const struct tensor *t, int dim, long at) {
  if (dim == 3)
    return t->data[at] * t->data[at] * t->scale;
  double sum = 0;
  for (long i = 0; i < t->dims[dim]; i++)
    sum += (1 + i) * walk(t, dim + 1, at + i * t->strides[dim]);
  return sum;
}

static double weighted(const double *x, double scale) {
  struct tensor whole = {.dims = {4, 3, 2}, .strides = {6, 2, 1}, .data = x, .scale = scale};
  struct tensor *part = slice(&whole, 1, 2);
  double r = walk(part, 0, part->offset) + part->size;
  free(part);
  return r;
}

// Heap structs that are reached by constant offsets only.
struct leaf {
  int tag, count;
  double *values;
  double bias;
};
static double leaf_sum(double *x) {
  struct leaf *l = malloc(sizeof *l), *m = malloc(sizeof *m);
  l->tag = 1, l->count = 2;
  l->values = x;
  l->bias = x[1] * x[0];
  *m = *l;
  double r = m->values[1] * m->bias * m->count;
  free(l);
  free(m);
  return r;
}

int main() {
  double x[24], dx[24] = {0};
  for (int i = 0; i < 24; i++)
    x[i] = 0.5 + 0.1 * i;
  double dscale = __enzyme_autodiff_d((void *)weighted, enzyme_dup, x, dx, enzyme_out, 2.0);
  double sum = 0, want[24] = {0};
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 2; k++) {
        int at = 6 + 6 * i + 2 * j + k, w = (1 + i) * (1 + j) * (1 + k);
        want[at] = 2 * 2.0 * w * x[at];
        sum += w * x[at] * x[at];
      }
  CHECK(dscale, sum);
  for (int i = 0; i < 24; i++)
    CHECK(dx[i], want[i]);
  double y[2] = {3, 5}, dy[2] = {0};
  CHECK(leaf_sum(y), 5 * 15 * 2);
  __enzyme_autodiff_v((void *)leaf_sum, enzyme_dup, y, dy);
  CHECK(dy[0], 2 * 25);
  CHECK(dy[1], 2 * 2 * 15);
  CHECK_END();
}
