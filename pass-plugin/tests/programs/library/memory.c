// What: functions that copy, set and compare memory, plain and checked
// Covers: function mempcpy; function memmove; function bcopy; function bzero; function explicit_bzero; function memcmp; function memchr; function __memcpy_chk; function __memset_chk; function __memmove_chk
#define _GNU_SOURCE
#include "../check.h"
#include <string.h>
#include <strings.h>
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
double f_mempcpy(double x) { double a[3] = {x, x * x, 1}, b[3]; double *e = mempcpy(b, a, sizeof a); return b[0] * b[1] + e[-1]; }
double f_memmove(double x) { double a[4] = {x, x * x, 1, 2}; memmove(a + 1, a, 3 * sizeof(double)); return a[1] * a[2] * a[0] + a[3]; }
double f_bcopy(double x) { double a[2] = {x, x * x}, b[2]; bcopy(a, b, sizeof a); return b[0] * b[1]; }
double f_bzero(double x) { double a[2] = {x, x * x}; double r = a[0]; bzero(a, sizeof a); return r * r + a[1]; }
double f_explicit_bzero(double x) { double a[2] = {x, x * x}; double r = a[0]; explicit_bzero(a, sizeof a); return r * r + a[1]; }
double f_memset(double x) { double a[2] = {x, x * x}; double r = a[0]; memset(a, 0, sizeof a); a[1] += x; return r * r + a[1]; }
double f_memcmp(double x) { double a[2] = {x, 1}, b[2] = {x, 1}; return memcmp(a, b, sizeof a) == 0 ? x * x : x; }
double f_chk(double x) { double a[2] = {x, x * x}, b[2]; __builtin___memcpy_chk(b, a, sizeof a, __builtin_object_size(b, 0)); return b[0] * b[1]; }
double f_chk2(double x, int n) { double *a = malloc(n * 8), *b = malloc(n * 8); for (int i = 0; i < n; i++) a[i] = x * i;
  __builtin___memcpy_chk(b, a, n * 8, 24); __builtin___memmove_chk(b + 1, b, 8, 16); double r = b[1] * 5 + b[2] * b[2]; __builtin___memset_chk(b, 0, 8, 24); r += b[0]; free(a); free(b); return r; }
double f_swap(double x) { double a = x, b = x * x; char t[8]; memcpy(t, &a, 8); memcpy(&a, &b, 8); memcpy(&b, t, 8); return a * 3 + b; }
double f_memchr(double x) { char s[] = "abc"; char *p = memchr(s, 'b', 3); return (p - s) * x; }
#define T(f, want) CHECK(__enzyme_autodiff((void *)f, 2.0), want); CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), want)
int main() {
  T(f_mempcpy, 12); T(f_memmove, 4 * 8); T(f_bcopy, 12); T(f_bzero, 4); T(f_memset, 5); T(f_memcmp, 4); T(f_chk, 12); T(f_swap, 13); T(f_memchr, 1);T(f_explicit_bzero, 4);
  CHECK(__enzyme_autodiff((void *)f_chk2, 2.0, 3), 16);
  CHECK(__enzyme_fwddiff((void *)f_chk2, 2.0, 1.0, 3), 16);
  CHECK_END();
}
