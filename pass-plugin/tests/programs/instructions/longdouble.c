// What: long double: arithmetic, memory of sixteen bytes of which ten count, library functions, structs, precision beyond double.
// Covers: types long double; function sinl; function powl; function expl; function fabsl; function sqrtl
#include "check.h"
#include "enzyme.h"
long double __enzyme_autodiff_l(void *, ...);
long double __enzyme_fwddiff_l(void *, ...);
void __enzyme_autodiff_v(void *, ...);
void __enzyme_fwddiff_v(void *, ...);

static long double f(long double x) { return sinl(x) * expl(x) + powl(x, 3.0L) / sqrtl(x) + fabsl(-x) + logl(x) * tanhl(x); }
static long double df(long double x) {
  return expl(x) * (sinl(x) + cosl(x)) + 2.5L * x * sqrtl(x) + 1 + tanhl(x) / x + logl(x) * (1 - tanhl(x) * tanhl(x));
}
struct mixed { int n; long double a; float b; long double c; };
static void structs(struct mixed *s, long double *out) { *out = s->a * s->b + s->c * s->c * s->n; }
static void array(long double *v, int n) {
  for (int i = 1; i < n; i++)
    v[i] = v[i] * v[i - 1] + (long double)(double)v[i];
}
static long double thirds(long double x) { return x * x / 3.0L; }

int main(void) {
  long double got = __enzyme_autodiff_l((void *)f, 1.5L), want = df(1.5L);
  CHECK_TOL((double)((got - want) * 1e16L), 0, 20); /* a few units of 1e-18 */
  got = __enzyme_fwddiff_l((void *)f, 1.5L, 1.0L);
  CHECK_TOL((double)((got - want) * 1e16L), 0, 20);
  CHECK_TOL((double)((__enzyme_autodiff_l((void *)thirds, 0.1L) - 0.2L / 3.0L) * 1e19L), 0, 5);
  struct mixed s = {3, 1.5L, 2.0f, -0.5L}, d = {0};
  long double out = 0, d_out = 1;
  __enzyme_autodiff_v((void *)structs, enzyme_dup, &s, &d, enzyme_dup, &out, &d_out);
  CHECK((double)d.a, 2);
  CHECK((double)d.b, 1.5);
  CHECK((double)d.c, -3);
  CHECK(d.n, 0);
  long double v[4] = {1, 2, 3, 4}, dv[4] = {0, 0, 0, 1};
  __enzyme_autodiff_v((void *)array, enzyme_dup, v, dv, enzyme_const, 4);
  /* v1 = 4, v2 = 15, v3 = 64: d v3 = 16 dv3 + 4 dv2; d v2 = 5 d3 + 3 d v1; d v1 = 2 d2 + 2 d1 */
  CHECK((double)dv[3], 16);
  CHECK((double)dv[2], 4 * 5);
  CHECK((double)dv[1], 4 * 3 * 2);
  CHECK((double)dv[0], 4 * 3 * 2);
  CHECK_END();
}
