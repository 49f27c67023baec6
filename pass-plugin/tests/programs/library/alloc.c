// What: allocators of C: what they make gets shadows, what they move takes its derivative along
// Covers: memory malloc; memory calloc; memory realloc; memory reallocarray; memory posix_memalign; memory aligned_alloc; memory valloc; memory strdup
#include "../check.h"
#include <string.h>
#include <malloc.h>
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_dup, enzyme_const;

static double use(double *p, int n, double x) {
  for (int i = 0; i < n; i++) p[i] = x * (i + 1);
  double s = 0;
  for (int i = 0; i < n; i++) s += p[i] * p[i];
  return s;
}
double f_malloc(double x) { double *p = malloc(3 * sizeof *p); double r = use(p, 3, x); free(p); return r; }
double f_calloc(double x) { double *p = calloc(3, sizeof *p); double r = use(p, 3, x); free(p); return r; }
double f_realloc(double x) {
  double *p = malloc(1 * sizeof *p);
  p[0] = x * x;
  double first = p[0];
  p = realloc(p, 3 * sizeof *p);
  double r = p[0] * 3; r += use(p, 3, x); free(p); return r + first; }
double f_reallocarray(double x) {
  double *p = NULL;
  double r = 0;
  for (int n = 1; n <= 3; n++) { p = reallocarray(p, n, sizeof *p); p[n - 1] = x * n; }
  for (int i = 0; i < 3; i++) r += p[i] * p[i];
  free(p); return r; }
double f_posix(double x) { void *q; if (posix_memalign(&q, 64, 3 * sizeof(double))) return 0; double *p = q; double r = use(p, 3, x); free(p); return r; }
double f_aligned(double x) { double *p = aligned_alloc(64, 64); double r = use(p, 3, x); free(p); return r; }
double f_memalign(double x) { double *p = memalign(64, 64); double r = use(p, 3, x); free(p); return r; }
double f_valloc(double x) { double *p = valloc(64); double r = use(p, 3, x); free(p); return r; }
struct S { double *p; int n; char *name; };
double f_strdup(double x) { struct S s; s.name = strdup("hello"); s.n = strlen(s.name) - 2; s.p = malloc(s.n * sizeof(double)); double r = use(s.p, s.n, x); free(s.name); free(s.p); return r; }
double f_grow(double x) { // vector-like growth
  int cap = 1, n = 0; double *p = malloc(cap * sizeof *p);
  for (int i = 0; i < 3; i++) { if (n == cap) { cap *= 2; p = realloc(p, cap * sizeof *p); } p[n++] = x * (i + 1); }
  double s = 0; for (int i = 0; i < n; i++) s += p[i] * p[i];
  free(p); return s; }
#define T(f, want) CHECK(__enzyme_autodiff((void *)f, 2.0), want); CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), want)
int main() {
  T(f_malloc, 56); T(f_calloc, 56); T(f_realloc, 56 + 12 + 4); T(f_reallocarray, 56); T(f_posix, 56); T(f_aligned, 56);
  T(f_memalign, 56); T(f_valloc, 56); T(f_strdup, 56); T(f_grow, 56);
  CHECK_END();
}
