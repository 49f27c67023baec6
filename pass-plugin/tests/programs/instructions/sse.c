// What: SSE and AVX by their built-in functions: arithmetic, minimum, comparison and blending, shuffles, horizontal sums, masks, approximations.
// Covers: intrinsic llvm.x86.sse.min; intrinsic llvm.x86.sse3.hadd; intrinsic llvm.x86.avx.maskload
// Flags: -mavx2 -mfma
#include "check.h"
#include "enzyme.h"
#include <immintrin.h>
void __enzyme_autodiff_v(void *, ...);
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
float __enzyme_autodiff_f(void *, ...);
float __enzyme_fwddiff_f(void *, ...);

static double dot(const double *a, const double *b, int n) {
  __m256d sum = _mm256_setzero_pd();
  for (int i = 0; i < n; i += 4)
    sum = _mm256_fmadd_pd(_mm256_loadu_pd(a + i), _mm256_loadu_pd(b + i), sum);
  __m128d half = _mm_add_pd(_mm256_castpd256_pd128(sum), _mm256_extractf128_pd(sum, 1));
  return _mm_cvtsd_f64(_mm_hadd_pd(half, half));
}
static float relu_sum(const float *v, int n) {
  __m128 s = _mm_setzero_ps();
  for (int i = 0; i < n; i += 4) {
    __m128 x = _mm_loadu_ps(v + i);
    s = _mm_add_ps(s, _mm_mul_ps(_mm_max_ps(x, _mm_setzero_ps()), x));
  }
  s = _mm_hadd_ps(s, s);
  s = _mm_hadd_ps(s, s);
  return _mm_cvtss_f32(s);
}
static float absolute(float x) {
  __m128 v = _mm_set_ps(x, -x, 2 * x, -3 * x);
  __m128 m = _mm_andnot_ps(_mm_set1_ps(-0.0f), v);
  __m128 c = _mm_cmplt_ps(v, _mm_setzero_ps());
  __m128 b = _mm_or_ps(_mm_and_ps(c, _mm_mul_ps(v, v)), _mm_andnot_ps(c, m));
  float out[4];
  _mm_storeu_ps(out, b);
  return out[0] + out[1] + out[2] + out[3];
}
/* lanes: -3x -> 9x², 2x, -x -> x², x: 18x + 2 + 2x + 1 for x > 0 */
static float absolute_d(float x) { return 20 * x + 3; }
static double tail(const double *v, int n) {
  __m256i mask = _mm256_cmpgt_epi64(_mm256_set1_epi64x(n), _mm256_set_epi64x(3, 2, 1, 0));
  __m256d x = _mm256_maskload_pd(v, mask);
  double out[4] = {0, 0, 0, 0};
  _mm256_maskstore_pd(out, mask, _mm256_mul_pd(x, x));
  return out[0] + out[1] + out[2] + out[3];
}
static double shuffled(double x) {
  __m256d v = _mm256_set_pd(4, 3 * x, x * x, x);
  __m256d w = _mm256_permute4x64_pd(v, 0x1b);
  __m256d u = _mm256_blendv_pd(v, w, _mm256_sub_pd(v, w));
  __m256d r = _mm256_min_pd(_mm256_mul_pd(u, u), _mm256_set1_pd(100));
  double out[4];
  _mm256_storeu_pd(out, r);
  return out[0] + out[1] + out[2] + out[3];
}
/* x = 1.5: v = 1.5, 2.25, 4.5, 4; w = 4, 4.5, 2.25, 1.5; u = 4, 3x, 3x, 4 */
static double shuffled_d(double x) { return 2 * 18 * x; }
static float refined(float x) {
  __m128 v = _mm_set_ss(x), r = _mm_rsqrt_ss(v);
  float y = _mm_cvtss_f32(r);
  y = y * (1.5f - 0.5f * x * y * y);
  return y * (1.5f - 0.5f * x * y * y);
}
static double roots(double x) {
  __m128d v = _mm_set_pd(x, x * x);
  __m128d s = _mm_sqrt_pd(v);
  s = _mm_div_pd(s, _mm_set1_pd(2));
  return _mm_cvtsd_f64(s) + _mm_cvtsd_f64(_mm_unpackhi_pd(s, s)) + _mm_movemask_pd(v);
}
int main(void) {
  double a[8], b[8], da[8] = {0}, db[8] = {0};
  for (int i = 0; i < 8; i++) {
    a[i] = i + 1;
    b[i] = 0.5 * i - 1;
  }
  __enzyme_autodiff_v((void *)dot, enzyme_dup, a, da, enzyme_dup, b, db, enzyme_const, 8);
  for (int i = 0; i < 8; i++) {
    CHECK(da[i], b[i]);
    CHECK(db[i], a[i]);
  }
  float v[8] = {1, -2, 3, -4, 5, 6, -7, 8}, dv[8] = {0};
  __enzyme_autodiff_v((void *)relu_sum, enzyme_dup, v, dv, enzyme_const, 8);
  for (int i = 0; i < 8; i++)
    CHECK(dv[i], v[i] > 0 ? 2 * v[i] : 0);
  CHECK_TOL(__enzyme_autodiff_f((void *)absolute, 1.5f), absolute_d(1.5f), 1e-6);
  CHECK_TOL(__enzyme_fwddiff_f((void *)absolute, 1.5f, 1.0f), absolute_d(1.5f), 1e-6);
  double t[3] = {1, 2, 3}, dt[3] = {0};
  __enzyme_autodiff_v((void *)tail, enzyme_dup, t, dt, enzyme_const, 3);
  CHECK(dt[0], 2);
  CHECK(dt[2], 6);
  CHECK(__enzyme_autodiff_d((void *)shuffled, 1.5), shuffled_d(1.5));
  CHECK(__enzyme_fwddiff_d((void *)shuffled, 1.5, 1.0), shuffled_d(1.5));
  CHECK_TOL(__enzyme_autodiff_f((void *)refined, 4.0f), -0.0625, 1e-3);
  CHECK(__enzyme_autodiff_d((void *)roots, 1.5), 0.5 + 0.25 / sqrt(1.5));
  CHECK_END();
}
