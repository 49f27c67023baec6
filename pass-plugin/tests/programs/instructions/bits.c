// What: float bits taken apart in C: unions and memcpy; absolute value, sign, copysign, fast inverse square root, frexp by hand, 2^k, Dekker's split.
// Covers: instruction and; instruction or; instruction xor; instruction bitcast
#include "check.h"
#include "enzyme.h"
#include <string.h>
#include <stdint.h>
double __enzyme_autodiff_d(void *, ...);
double __enzyme_fwddiff_d(void *, ...);
float __enzyme_autodiff_f(void *, ...);
float __enzyme_fwddiff_f(void *, ...);
static double my_fabs(double x) {
  union { double d; uint64_t u; } v = {x};
  v.u &= 0x7fffffffffffffffull;
  return v.d * x;
}
static double my_copysign(double x, double y) {
  uint64_t a, b;
  memcpy(&a, &x, 8);
  memcpy(&b, &y, 8);
  a = (a & ~(1ull << 63)) | (b & (1ull << 63));
  memcpy(&x, &a, 8);
  return x;
}
static double uses_copysign(double x) { return my_copysign(x * x, x - 5) * 3; }
static float inverse_sqrt(float number) {
  float x2 = number * 0.5f, y = number;
  int32_t i;
  memcpy(&i, &y, 4);
  i = 0x5f3759df - (i >> 1);
  memcpy(&y, &i, 4);
  y = y * (1.5f - x2 * y * y);
  y = y * (1.5f - x2 * y * y);
  y = y * (1.5f - x2 * y * y);
  return y;
}
static double my_log(double x) {
  /* x = m 2^e with m in [1, 2) */
  union { double d; uint64_t u; } v = {x};
  int e = (int)((v.u >> 52) & 0x7ff) - 1023;
  v.u = (v.u & 0x000fffffffffffffull) | 0x3ff0000000000000ull;
  double t = (v.d - 1) / (v.d + 1), t2 = t * t, s = 0, p = t;
  for (int k = 1; k < 60; k += 2) {
    s += p / k;
    p *= t2;
  }
  return 2 * s + e * 0.69314718055994530942;
}
static double scale_by_power(double x, int k) {
  union { double d; uint64_t u; } v;
  v.u = (uint64_t)(k + 1023) << 52;
  return x * v.d + x;
}
static double scale_exponent(double x) {
  union { double d; int64_t i; } v = {x * x};
  v.i += (int64_t)3 << 52;
  return v.d;
}
static double split(double x) {
  union { double d; uint64_t u; } v = {x};
  v.u &= 0xfffffffff8000000ull;
  double high = v.d, low = x - high;
  return high * high + 2 * high * low + low * low;
}
static double words(double x) {
  union { double d; uint32_t w[2]; } v = {x}, u;
  u.w[0] = v.w[0];
  u.w[1] = v.w[1] ^ 0x80000000u;
  return u.d * x;
}
static double is_negative(double x) {
  union { double d; uint64_t u; } v = {x};
  return (v.u >> 63) ? -3 * x : x * x;
}
int main(void) {
  CHECK(__enzyme_autodiff_d((void *)my_fabs, -1.5), 3);
  CHECK(__enzyme_fwddiff_d((void *)my_fabs, -1.5, 1.0), 3);
  CHECK(__enzyme_autodiff_d((void *)uses_copysign, 1.5), -9);
  CHECK(__enzyme_fwddiff_d((void *)uses_copysign, 1.5, 1.0), -9);
  CHECK_TOL(__enzyme_autodiff_f((void *)inverse_sqrt, 4.0f), -0.0625, 1e-4);
  CHECK_TOL(__enzyme_fwddiff_f((void *)inverse_sqrt, 4.0f, 1.0f), -0.0625, 1e-4);
  CHECK(__enzyme_autodiff_d((void *)my_log, 5.5), 1 / 5.5);
  CHECK(__enzyme_fwddiff_d((void *)my_log, 5.5, 1.0), 1 / 5.5);
  CHECK(__enzyme_autodiff_d((void *)scale_by_power, 1.5, 4), 17);
  CHECK(__enzyme_autodiff_d((void *)scale_exponent, 1.5), 24);
  CHECK(__enzyme_fwddiff_d((void *)scale_exponent, 1.5, 1.0), 24);
  CHECK(__enzyme_autodiff_d((void *)split, 1.7), 3.4);
  CHECK(__enzyme_autodiff_d((void *)words, 1.5), -3);
  CHECK(__enzyme_fwddiff_d((void *)words, 1.5, 1.0), -3);
  CHECK(__enzyme_autodiff_d((void *)is_negative, -1.5), -3);
  CHECK(__enzyme_autodiff_d((void *)is_negative, 1.5), 3);
  CHECK_END();
}
