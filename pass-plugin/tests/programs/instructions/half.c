// What: _Float16 and __bf16: arithmetic in float, memory of two bytes, conversions, structs of mixed widths.
// Covers: types _Float16; types __bf16
#include "check.h"
#include "enzyme.h"
#include <string.h>
float __enzyme_autodiff_f(void *, ...);
void __enzyme_autodiff_v(void *, ...);
void __enzyme_fwddiff_v(void *, ...);
static float through_half(float x) {
  _Float16 h = (_Float16)x;
  _Float16 q = h * h + (_Float16)2.0f * h;
  return (float)q;
}
static void dot(const _Float16 *a, const _Float16 *b, float *out, int n) {
  float sum = 0;
  for (int i = 0; i < n; i++)
    sum += (float)a[i] * (float)b[i];
  *out = sum;
}
struct pixel { _Float16 r, g, b; unsigned short id; };
static void shade(struct pixel *p, int n) {
  for (int i = 0; i < n; i++) {
    p[i].r = p[i].r * p[i].g;
    p[i].b = p[i].b + p[i].r;
    p[i].id++;
  }
}
static void copy(const _Float16 *from, _Float16 *to, int n) { memcpy(to, from, n * sizeof *from); }
int main(void) {
  CHECK_TOL(__enzyme_autodiff_f((void *)through_half, 1.5f), 5, 1e-3);
  _Float16 a[4] = {1, 2, 3, 4}, b[4] = {(_Float16)0.5f, 1, -1, 2}, da[4] = {0}, db[4] = {0};
  float out = 0, d_out = 1;
  __enzyme_autodiff_v((void *)dot, enzyme_dup, a, da, enzyme_dup, b, db, enzyme_dup, &out, &d_out, enzyme_const, 4);
  for (int i = 0; i < 4; i++) {
    CHECK((float)da[i], (float)b[i]);
    CHECK((float)db[i], (float)a[i]);
  }
  struct pixel p[2] = {{2, 3, 1, 7}, {4, 5, 1, 8}}, dp[2] = {{0, 0, 1, 0}, {0, 0, 1, 0}};
  __enzyme_autodiff_v((void *)shade, enzyme_dup, p, dp, enzyme_const, 2);
  CHECK((float)dp[0].r, 3);
  CHECK((float)dp[0].g, 2);
  CHECK((float)dp[1].r, 5);
  CHECK((float)dp[1].b, 1);
  _Float16 c[4], dc[4] = {1, 2, 3, 4}, dz[4] = {0};
  __enzyme_autodiff_v((void *)copy, enzyme_dup, a, dz, enzyme_dup, c, dc, enzyme_const, 4);
  CHECK((float)dz[2], 3);
  CHECK_END();
}
