// What: an address that is kept as an integer in memory, with a constant or an index added to it before it is followed
// Covers: memory addresses kept as integers
#include "check.h"
#include "enzyme.h"
#include <stdint.h>
void __enzyme_autodiff(void *, ...);

struct kept {
  uintptr_t at;
};

__attribute__((noinline)) static double second(const struct kept *k, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) {
    double v = *(double *)(k->at + 8);
    s += v * v;
  }
  return s;
}

__attribute__((noinline)) static double weighted(const struct kept *k, int n) {
  double s = 0;
  for (int i = 0; i < n; i++) {
    double v = *(double *)(k->at + 8 * (uintptr_t)i);
    s += v * v * (i + 1);
  }
  return s;
}

__attribute__((noinline)) static double backwards(const struct kept *k, int n) {
  uintptr_t at = k->at + 8 * (uintptr_t)n;
  double s = 0;
  for (int i = 0; i < n; i++) {
    at -= 8;
    s = s * 2 + *(double *)at * *(double *)at;
  }
  return s;
}

int main(void) {
  double x[3] = {1.5, 2.5, 3.5}, dx[3] = {0};
  struct kept k = {(uintptr_t)x}, dk = {(uintptr_t)dx};
  __enzyme_autodiff((void *)second, enzyme_dup, &k, &dk, enzyme_const, 3);
  CHECK(dx[0], 0.0);
  CHECK(dx[1], 15.0);
  CHECK(dx[2], 0.0);
  dx[1] = 0;
  __enzyme_autodiff((void *)weighted, enzyme_dup, &k, &dk, enzyme_const, 3);
  for (int i = 0; i < 3; i++) {
    CHECK(dx[i], 2 * x[i] * (i + 1));
    dx[i] = 0;
  }
  __enzyme_autodiff((void *)backwards, enzyme_dup, &k, &dk, enzyme_const, 3);
  for (int i = 0; i < 3; i++)
    CHECK(dx[i], 2 * x[i] * (1 << i));
  CHECK_END();
}
