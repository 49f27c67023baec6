// What: words of memory that functions behind pointers fill and read, moved as integers.
// Covers: types floats moved as integers; calls through pointers
// Flags: -fno-strict-aliasing
#include "check.h"
#include "enzyme.h"
#include <string.h>
#include <stdint.h>
double __enzyme_autodiff(void *, ...); double __enzyme_fwddiff(void *, ...);
struct P { double a, b; };
static void fill1(struct P *p, double x) { p->a = x * x; p->b = 3 * x; }
static void fill2(struct P *p, double x) { p->a = x; p->b = x * x * x; }
void (*volatile fills[2])(struct P *, double) = {fill1, fill2};
static double use1(struct P *p) { return p->a * p->b; }
double (*volatile uses[1])(struct P *) = {use1};
__attribute__((noinline)) static void swp(uint64_t *a, uint64_t *b) { for (int i = 0; i < 2; i++) { uint64_t t = a[i]; a[i] = b[i]; b[i] = t; } }
double f(double x, int k) { struct P p, q; fills[0](&p, x); fills[1](&q, x); swp((uint64_t *)&p, (uint64_t *)&q); uint64_t w; memcpy(&w, &p, 8); struct P r = q; memcpy(&r, &w, 8); return uses[0](&r) + uses[0](&p); }
int main() { double x = 1.3; double g = __enzyme_autodiff((void *)f, enzyme_out, x, enzyme_const, 1), t = __enzyme_fwddiff((void *)f, enzyme_dup, x, 1.0, enzyme_const, 1);
 // q = (x^2, 3x), p = (x, x^3) after the swap; r = (x, 3x)
 double want = 6 * x + 4 * x * x * x; CHECK(g, want); CHECK(t, want); CHECK_END(); }
