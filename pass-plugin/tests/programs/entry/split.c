// What: split reverse mode by hand: tapes as values, in given memory, run twice; memory overwritten in between.
// Covers: entry __enzyme_augmentfwd; entry __enzyme_reverse; entry __enzyme_augmentsize; marker enzyme_tape; marker enzyme_allocated; marker enzyme_nofree; marker enzyme_noret; marker enzyme_not_overwritten; marker enzyme_dupnoneed
#include "check.h"
#include "enzyme.h"

struct fwd {
  void *tape;
  double value;
};
struct fwd __enzyme_augmentfwd(void *, ...);
void *__enzyme_augmentfwd_tape(void *, ...);
void __enzyme_augmentfwd_void(void *, ...);
double __enzyme_reverse(void *, ...);
void __enzyme_reverse_void(void *, ...);
size_t __enzyme_augmentsize(void *, ...);

static double square(double x) { return x * x; }
static double product(const double *x, double *y, int n) {
  double p = 1;
  for (int i = 0; i < n; i++) {
    p *= x[i];
    y[i] = sin(p);
  }
  return p;
}
static void advance(double *x, int n) {
  for (int t = 0; t < n; t++)
    *x = *x * *x + t;
}
static double unknown_count(double x, double bound) {
  double s = x;
  while (s < bound)
    s = s * s + 1;
  return s;
}

int main(void) {
  struct fwd r = __enzyme_augmentfwd((void *)square, 3.0);
  CHECK(r.value, 9);
  CHECK(__enzyme_reverse((void *)square, 3.0, 10.0, r.tape), 60);

  double x[3] = {1.5, 2, 3}, dx[3] = {0}, y[3] = {0}, dy[3] = {1, 0, 0};
  r = __enzyme_augmentfwd((void *)product, x, dx, y, dy, 3);
  CHECK(r.value, 9);
  CHECK(y[1], sin(3.0));
  /* The tape does not depend on what becomes of the memory. */
  x[0] = x[1] = x[2] = y[0] = 100;
  __enzyme_reverse_void((void *)product, x, dx, y, dy, 3, 2.0, r.tape);
  CHECK(dx[0], 2 * 6 + cos(1.5));
  CHECK(dx[1], 2 * 4.5);
  CHECK(dx[2], 2 * 3.0);

  size_t bytes = __enzyme_augmentsize((void *)advance, enzyme_dup, enzyme_const);
  void *memory = malloc(bytes);
  double z = 2, dz = 1;
  __enzyme_augmentfwd_void((void *)advance, enzyme_allocated, bytes, enzyme_tape, memory, &z, &dz, 3);
  CHECK(z, 291);
  __enzyme_reverse_void((void *)advance, enzyme_allocated, bytes, enzyme_tape, memory, &z, &dz, 3);
  CHECK(dz, 8.0 * 2 * 4 * 17);
  free(memory);

  /* The same tape several times; the last frees it. */
  r = __enzyme_augmentfwd((void *)unknown_count, 1.5, 100.0);
  struct outs {
    double x, bound;
  };
  struct outs __enzyme_reverse_outs(void *, ...);
  double s1 = 1.5 * 1.5 + 1, s2 = s1 * s1 + 1;
  for (int k = 1; k <= 2; k++) {
    struct outs d = __enzyme_reverse_outs((void *)unknown_count, enzyme_nofree, 1.5, 100.0, (double)k, r.tape);
    CHECK(d.x, k * 8 * 1.5 * s1 * s2);
    CHECK(d.bound, 0);
  }
  struct outs last = __enzyme_reverse_outs((void *)unknown_count, 1.5, 100.0, 3.0, r.tape);
  CHECK(last.x, 3 * 8 * 1.5 * s1 * s2);
  __enzyme_reverse((void *)unknown_count, 1.5, enzyme_const, 100.0, 1.0, __enzyme_augmentfwd_tape((void *)unknown_count, enzyme_noret, 1.5, enzyme_const, 100.0));
  CHECK_END();
}
