// What: reverse mode with several adjoints at once: by-value results, memory, loops with caches, callees, shadows of allocations.
// Covers: marker enzyme_width; entry __enzyme_autodiff
#include "check.h"
#include "enzyme.h"

struct two {
  double d[2];
};
struct two __enzyme_autodiff_two(void *, ...);
void __enzyme_autodiff_void(void *, ...);

static double cube(double x) { return x * x * x; }

__attribute__((noinline)) static void scale(double *v, int n, double by) {
  for (int i = 0; i < n; i++)
    v[i] = v[i] * by + sin(v[i]);
}

/* Overwrites its input, so that values are cached, and calls in a loop. */
static void steps(double *v, int n, double by) {
  for (int t = 0; t < 3; t++)
    scale(v, n, by + t);
}

static void through_heap(const double *in, double *out, int n) {
  double *copy = (double *)malloc(n * sizeof(double));
  for (int i = 0; i < n; i++)
    copy[i] = in[i] * in[i];
  for (int i = 0; i < n; i++)
    out[i] = copy[i] * copy[n - 1 - i];
  free(copy);
}

int main(void) {
  struct two d = __enzyme_autodiff_two((void *)cube, enzyme_width, 2, enzyme_out, 2.0);
  CHECK(d.d[0], 12);
  CHECK(d.d[1], 12);

  enum { n = 4 };
  /* The rows of a Jacobian, two at a time, against one at a time. */
  double single[2][n];
  double single_by[2];
  for (int k = 0; k < 2; k++) {
    double v[n] = {0.1, 0.2, 0.3, 0.4};
    for (int i = 0; i < n; i++)
      single[k][i] = i == k;
    double __enzyme_autodiff_one(void *, ...);
    single_by[k] = __enzyme_autodiff_one((void *)steps, enzyme_dup, v, single[k], n, enzyme_out, 1.5);
  }
  double v[n] = {0.1, 0.2, 0.3, 0.4}, d0[n] = {1, 0, 0, 0}, d1[n] = {0, 1, 0, 0};
  d = __enzyme_autodiff_two((void *)steps, enzyme_width, 2, enzyme_dup, v, d0, d1, n, enzyme_out, 1.5);
  CHECK(d.d[0], single_by[0]);
  CHECK(d.d[1], single_by[1]);
  for (int i = 0; i < n; i++) {
    CHECK(d0[i], single[0][i]);
    CHECK(d1[i], single[1][i]);
  }

  double in[n] = {1, 2, 3, 4}, out[n] = {0};
  double i0[n] = {0}, i1[n] = {0}, i2[n] = {0}, o0[n] = {1, 0, 0, 0}, o1[n] = {0, 1, 0, 0}, o2[n] = {0, 0, 2, 0};
  __enzyme_autodiff_void((void *)through_heap, enzyme_width, 3, in, i0, i1, i2, out, o0, o1, o2, n);
  CHECK(out[0], 16);
  CHECK(i0[0], 2 * 1 * 16);
  CHECK(i0[3], 2 * 4 * 1);
  CHECK(i1[1], 2 * 2 * 9);
  CHECK(i1[2], 2 * 3 * 4);
  CHECK(i2[1], 2 * 2 * 2 * 9);
  CHECK(i2[2], 2 * 2 * 3 * 4);
  CHECK(i2[0], 0);
  CHECK_END();
}
