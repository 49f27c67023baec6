// What: recursive functions that walk several inner arrays of one struct, some of them arrays of pointers: a walk that begins at a struct's first array is not one of that array only.
// Covers: control recursion; memory arrays of pointers
#include "check.h"
extern void __enzyme_autodiff(void *, ...);
extern int enzyme_dup;

struct convolution { long dims[2]; long strides[2]; const float *kernel; const float *in; };

static void convolve(const struct convolution *e, long i, long j, int d, float *sum) {
  for (int a = 0; a < e->dims[d]; a++) {
    long ii = i + a * e->strides[d], jj = j + a * e->strides[d];
    if (d > 0)
      convolve(e, ii, jj, d - 1, sum);
    else
      *sum += e->kernel[jj] * e->in[ii];
  }
}

static void convolution(const float *kernel, const float *in, float *out) {
  struct convolution e = {{2, 2}, {1, 2}, kernel, in};
  for (int i = 0; i < 3; i++) {
    float sum = 0;
    convolve(&e, i, 0, 1, &sum);
    out[i] = sum;
  }
}

struct pair { double *left[2]; double *right[2]; };

static double dot(const struct pair *p, int k, int n) {
  return n == 0 ? 0 : p->left[k][n - 1] * p->right[k][n - 1] + dot(p, k, n - 1);
}

static double dots(double *x, double *y) {
  struct pair p = {{x, x + 2}, {y, y + 2}};
  return dot(&p, 0, 2) + 3 * dot(&p, 1, 2);
}

/* The same with floats beside floats. */
struct blend { double weight[3]; double value[3]; };

static double blended(const struct blend *b, int n) {
  return n == 0 ? 0 : b->weight[n - 1] * b->value[n - 1] * b->value[n - 1] + blended(b, n - 1);
}

static double blends(double *x) {
  struct blend b;
  for (int i = 0; i < 3; i++) { b.weight[i] = i + 1; b.value[i] = x[i]; }
  return blended(&b, 3);
}

/* A pointer that may be either of two parameters. */
static double either(const struct blend *b, const struct blend *c, int n) {
  const struct blend *e = n % 2 ? b : c;
  return n == 0 ? 0 : e->weight[n - 1] * e->value[n - 1] * e->value[n - 1] + either(b, c, n - 1);
}

static double eithers(double *x) {
  struct blend b = {{0}}, c = {{0}};
  for (int i = 0; i < 3; i++) { b.weight[i] = 10 * (c.weight[i] = i + 1); b.value[i] = x[i]; c.value[i] = 2 * x[i]; }
  return either(&b, &c, 3);
}

int main(void) {
  float k[4] = {1, 2, 3, 4}, dk[4] = {0}, in[8] = {1, 2, 3, 4, 5, 6, 7, 8}, din[8] = {0}, o[3], d[3] = {1, 1, 1};
  __enzyme_autodiff((void *)convolution, enzyme_dup, k, dk, enzyme_dup, in, din, enzyme_dup, o, d);
  for (int i = 0; i < 4; i++) CHECK(dk[i], 6 + 3 * i);
  double want[8] = {1, 3, 6, 9, 7, 4, 0, 0};
  for (int i = 0; i < 8; i++) CHECK(din[i], want[i]);

  double x[4] = {1, 2, 3, 4}, dx[4] = {0}, y[4] = {5, 6, 7, 8}, dy[4] = {0};
  __enzyme_autodiff((void *)dots, enzyme_dup, x, dx, enzyme_dup, y, dy);
  for (int i = 0; i < 4; i++) CHECK(dx[i], (i < 2 ? 1 : 3) * y[i]);
  for (int i = 0; i < 4; i++) CHECK(dy[i], (i < 2 ? 1 : 3) * x[i]);

  double dv[4] = {0};
  __enzyme_autodiff((void *)blends, enzyme_dup, x, dv);
  for (int i = 0; i < 3; i++) CHECK(dv[i], 2 * (i + 1) * x[i]);

  double de[4] = {0};
  __enzyme_autodiff((void *)eithers, enzyme_dup, x, de);
  for (int i = 0; i < 3; i++) CHECK(de[i], (i % 2 ? 8 : 20) * (i + 1) * x[i]);
  CHECK_END();
}
