// What: the module's own variables carry active data: through functions, pointers, structs; they keep nothing from call to call.
// Covers: memory mutable globals of the module; calls globals in callees
#include "agree.h"
#define NI __attribute__((noinline))
static double g; static struct { double a[4]; int n; double s; } st; static double *ws; static float h;
NI static void set(double x) { g = x * x; }
NI static double get(void) { return g * 3; }
NI static void square(void) { g = g * g; }
NI static void push(double x) { st.a[st.n++] = x * x; st.s += x; }
static double f(double *x, int n) { double r = 0; for (int i = 0; i < n; i++) { set(x[i]); square(); r += (i + 1) * get(); } return r; }
static double k(double *x, int n) { st.n = 0; st.s = 0; for (int i = 0; i < n; i++) push(x[i]); double r = 0; for (int i = 0; i < st.n; i++) r += st.a[i] * st.s; return r; }
static double m(double *x, int n) { ws = malloc(n * sizeof *ws); for (int i = 0; i < n; i++) ws[i] = x[i] * x[i]; double r = 0; for (int i = 0; i < n; i++) r += (i + 1) * ws[i] * ws[n - 1 - i]; free(ws); return r; }
static double carry(double *x, int n) { double r = g * x[0]; g = x[n - 1]; return r; } /* what an earlier call left is a constant */
static double mean(double *x, int n) { static double acc; acc = 0; for (int i = 0; i < n; i++) acc += x[i]; h = (float)n; return acc * acc / h; }
int main(void) {
  AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(k, 4, {3, -1, 2, 0.5}); AGREE(m, 4, {3, -1, 2, 0.5}); AGREE(mean, 4, {3, -1, 2, 0.5});
  g = 7; double x[2] = {1, 2}, d[2] = {0};
  __enzyme_autodiff((void *)carry, enzyme_dup, x, d, enzyme_const, 2);
  CHECK(d[0], 7); CHECK(d[1], 0); CHECK(g, 2);
  double t[2] = {1, 1};
  CHECK(__enzyme_fwddiff((void *)carry, enzyme_dup, x, t, enzyme_const, 2), 2);
  CHECK(__enzyme_fwddiff((void *)carry, enzyme_dup, x, t, enzyme_const, 2), 2);
  CHECK_END();
}
