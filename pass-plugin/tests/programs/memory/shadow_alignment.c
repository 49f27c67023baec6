// What: a function that looks how its memory is aligned, with shadows that are aligned less
// Covers: memory alignment of shadows
#include "check.h"
#include "enzyme.h"
#include <emmintrin.h>
#include <stdint.h>
#include <string.h>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double sum_of_cubes(double *x, double *scratch) {
  __m128d sum = _mm_setzero_pd();
  if (((uintptr_t)x & 15) == 0 && ((uintptr_t)scratch & 15) == 0) {
    for (int i = 0; i < 8; i += 2) {
      __m128d v = _mm_load_pd(x + i);
      _mm_store_pd(scratch + i, _mm_mul_pd(v, v));
    }
    for (int i = 0; i < 8; i += 2)
      sum = _mm_add_pd(sum, _mm_mul_pd(_mm_load_pd(scratch + i), _mm_load_pd(x + i)));
  }
  double both[2];
  _mm_storeu_pd(both, sum);
  return both[0] + both[1];
}

int main() {
  _Alignas(32) double x[8], scratch[8], dx[9], dscratch[9];
  for (int i = 0; i < 8; i++)
    x[i] = 0.25 * i - 0.7;
  memset(dx, 0, sizeof dx);
  memset(dscratch, 0, sizeof dscratch);
  __enzyme_autodiff((void *)sum_of_cubes, enzyme_dup, x, dx + 1, enzyme_dup, scratch, dscratch + 1);
  for (int i = 0; i < 8; i++)
    CHECK(dx[i + 1], 3 * x[i] * x[i]);
  for (int i = 0; i < 8; i++) {
    memset(dx, 0, sizeof dx);
    memset(dscratch, 0, sizeof dscratch);
    dx[i + 1] = 1;
    CHECK(__enzyme_fwddiff((void *)sum_of_cubes, enzyme_dup, x, dx + 1, enzyme_dup, scratch, dscratch + 1), 3 * x[i] * x[i]);
  }
  CHECK_END();
}
