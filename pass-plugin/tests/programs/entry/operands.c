// What: every way to give an argument: by reference, strided shadows, interleaved shadows, struct results in registers, markers as variables.
// Covers: marker enzyme_byref; marker enzyme_dupv; marker enzyme_dupnoneedv; marker enzyme_interleave; marker enzyme_width; marker enzyme_const_return; marker enzyme_active_return; marker enzyme_dup_return; marker enzyme_primal_return
#include "check.h"
#include "enzyme.h"

double __enzyme_fwddiff(void *, ...);
double __enzyme_autodiff(void *, ...);
void __enzyme_autodiff_void(void *, ...);
void __enzyme_fwddiff_void(void *, ...);
struct pair {
  double value, d;
};
struct fpair {
  float x, y;
};
struct pair __enzyme_autodiff_pair(void *, ...);
struct pair __enzyme_fwddiff_pair(void *, ...);
struct fpair __enzyme_autodiff_fpair(void *, ...);
float __enzyme_autodiff_float(void *, ...);

static double product(double x, double y) { return x * y; }
static float fproduct(float x, float y) { return x * y; }
static double dot(const double *x, const double *y, int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += x[i] * y[i];
  return s;
}
static void squares(const double *x, double *y, int n) {
  for (int i = 0; i < n; i++)
    y[i] = x[i] * x[i];
}
static int count(const double *x, double *y, int n) {
  for (int i = 0; i < n; i++)
    *y += x[i] * x[i];
  return n;
}
static double *first(double *x) {
  x[0] *= 3;
  return x;
}

int main(void) {
  double x = 3, y = 4;
  struct pair d = __enzyme_autodiff_pair((void *)product, enzyme_byref, 8, enzyme_out, &x, enzyme_byref, 8, &y);
  CHECK(d.value, 4);
  CHECK(d.d, 3);
  d = __enzyme_autodiff_pair((void *)product, enzyme_primal_return, enzyme_out, x, enzyme_const, y);
  CHECK(d.value, 12);
  CHECK(d.d, 4);
  d = __enzyme_fwddiff_pair((void *)product, enzyme_primal_return, enzyme_dup, x, 1.0, enzyme_const, y);
  CHECK(d.value, 12);
  CHECK(d.d, 4);
  struct fpair f = __enzyme_autodiff_fpair((void *)fproduct, 3.0f, 4.0f);
  CHECK(f.x, 4);
  CHECK(f.y, 3);
  CHECK(__enzyme_autodiff_float((void *)fproduct, 3.0f, enzyme_const, 4.0f), 4);

  double v[3] = {1, 2, 3}, w[3] = {4, 5, 6};
  double lanes[6] = {1, 0, 0, 0, 1, 0};
  struct pair j = __enzyme_fwddiff_pair((void *)dot, enzyme_width, 2, enzyme_dupv, (long)(3 * sizeof(double)), v, lanes,
                                        enzyme_const, w, enzyme_const, 3);
  CHECK(j.value, 4);
  CHECK(j.d, 5);
  double dv[6] = {0}, out[3], dout[6] = {1, 0, 0, 0, 0, 1};
  __enzyme_autodiff_void((void *)squares, enzyme_width, 2, enzyme_dupv, (long)(3 * sizeof(double)), v, dv,
                         enzyme_dupnoneedv, (long)(3 * sizeof(double)), out, dout, 3);
  CHECK(dv[0], 2);
  CHECK(dv[1], 0);
  CHECK(dv[5], 6);

  double dx[3] = {0}, dw[3] = {0};
  __enzyme_autodiff_void((void *)dot, enzyme_dup, v, enzyme_dup, w, enzyme_const, 3, enzyme_interleave, dx, dw);
  CHECK(dx[2], 6);
  CHECK(dw[2], 3);

  /* Returns. */
  CHECK(__enzyme_fwddiff((void *)product, enzyme_const_return, enzyme_primal_return, x, 1.0, y, 1.0), 12);
  double sum = 0, dsum = 1;
  int __enzyme_autodiff_int(void *, ...);
  dx[0] = dx[1] = dx[2] = 0;
  CHECK(__enzyme_autodiff_int((void *)count, enzyme_const_return, enzyme_primal_return, v, dx, &sum, &dsum, 3), 3);
  CHECK(dx[1], 4);
  CHECK(__enzyme_autodiff((void *)product, enzyme_active_return, x, enzyme_const, y), 4);
  double *__enzyme_fwddiff_ptr(void *, ...);
  double t[3] = {1, 0, 0}, u[3] = {1, 2, 3};
  CHECK(__enzyme_fwddiff_ptr((void *)first, enzyme_dup_return, u, t) == t, 1);
  CHECK(t[0], 3);

  /* A variadic declaration promises a double; nothing comes. */
  double nothing = __enzyme_autodiff((void *)squares, v, dx, out, dout, 3);
  CHECK(nothing, 0);
  CHECK_END();
}
