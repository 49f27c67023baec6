// What: doubles moved as 64-bit and 32-bit integers.
// Covers: types floats moved as integers
// Flags: -fno-strict-aliasing
#include "agree.h"
#include <stdint.h>
#include <string.h>
static void put(void *d, const void *s) { uint64_t t; memcpy(&t, s, 8); memcpy(d, &t, 8); }
static void put2(void *d, const void *s) { uint32_t t[2]; memcpy(t, s, 8); ((uint32_t *)d)[0] = t[0]; ((uint32_t *)d)[1] = t[1]; }
static double f(double *x, int n) { double a[8], r = 0; for (int i = 0; i < n; i++) put(&a[n - 1 - i], &x[i]); for (int i = 0; i < n; i++) r += (i + 1) * a[i] * a[i]; return r; }
static double g(double *x, int n) { double a[8], r = 0; for (int i = 0; i < n; i++) put2(&a[n - 1 - i], &x[i]); for (int i = 0; i < n; i++) r += (i + 1) * a[i] * a[i]; return r; }
static double h(double *x, int n) { double a[8], r = 0; for (int i = 0; i < n; i++) { uint64_t b; memcpy(&b, &x[i], 8); uint32_t hi = b >> 32, lo = (uint32_t)b; uint64_t c = ((uint64_t)hi << 32) | lo; memcpy(&a[i], &c, 8); } for (int i = 0; i < n; i++) r += (i + 1) * a[i] * a[i]; return r; }
struct f2 { float a, b; };
__attribute__((noinline)) static struct f2 sw(struct f2 v) { struct f2 r = {v.b * v.b, v.a}; return r; }
static double k(double *x, int n) { double r = 0; for (int i = 0; i + 1 < n; i++) { struct f2 v = {(float)x[i], (float)x[i+1]}; v = sw(v); r += v.a * v.b; } return r; }
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5});
 double x[3] = {1, 2, 3}, d[3] = {0}; __enzyme_autodiff((void *)k, enzyme_dup, x, d, enzyme_const, 3); CHECK_TOL(d[0], 4, 1e-5); CHECK_TOL(d[1], 4 + 9, 1e-5); CHECK_TOL(d[2], 12, 1e-5);
 CHECK_END(); }
