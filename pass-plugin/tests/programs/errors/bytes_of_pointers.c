// What: a struct with a pointer to active data, copied byte by byte: the pointer's shadow can't be moved with the bytes
// Covers: refusal bytewise copies of pointers
// Opt: O0
// Error: "ER0006" "smaller than a scalar" "memcpy"
#include "check.h"
#include "enzyme.h"
#include <stdlib.h>
void __enzyme_autodiff(void *, ...);

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
  for (unsigned i = 0; i < sizeof *l; i++)
    ((char *)m)[i] = ((char *)l)[i];
  double r = m->values[1] * m->bias * m->count;
  free(l);
  free(m);
  return r;
}

int main() {
  double y[2] = {3, 5}, dy[2] = {0};
  __enzyme_autodiff((void *)leaf_sum, enzyme_dup, y, dy);
  CHECK(dy[0], 50);
  CHECK(dy[1], 60);
  CHECK_END();
}
