// What: nests of loops with bounds checks before the inner ones: what the inner loop saves lives in one array for the whole nest, made when the inner loop is first entered
// Covers: entry __enzyme_autodiff; marker enzyme_dup; marker enzyme_const
#include "check.h"
#include "enzyme.h"
#include <math.h>
#include <stdlib.h>

void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static void check(long i, long n) {
  if (i >= n)
    abort();
}

// Each row is overwritten, so all rows' values are saved; `width - 1` would be huge for width 0, where no row is entered.
static double rows(const double *x, double *row, long n, long width, long size) {
  double sum = 0;
  for (long i = 0; i < n; i++) {
    check(i * width, size);
    if (width == 0)
      abort();
    long j = 0;
    do {
      row[j] = sin(x[i * width + j]) * row[j];
      j++;
    } while (j < width);
    for (long k = 0; k < width; k++)
      sum += row[k] * row[k] * x[i];
  }
  return sum;
}

// The triangle's place in packed storage is a polynomial in the row's number.
static double triangle(const double *l, const double *x, double *out, unsigned long d, unsigned long size) {
  unsigned long column = 0;
  for (unsigned long i = 0; i < d; i++) {
    unsigned long len = d - i - 1;
    if (column + len > size)
      abort();
    for (unsigned long j = 0; j < len; j++)
      out[i + 1 + j] += l[column + j] * x[i] * out[i];
    column += len;
  }
  double sum = 0;
  for (unsigned long i = 0; i < d; i++)
    sum += out[i] * out[i];
  return sum;
}

// The same nest again and again: the array is made anew each time.
static double repeated(const double *x, double *row, long times, long n, long width, long size) {
  double sum = 0;
  for (long t = 0; t < times; t++) {
    if (x[t] > 100)
      abort();
    sum += rows(x, row, n, width, size) * x[t];
  }
  return sum;
}

#define N 4
#define W 3

static void fill(double *p, int n, double a) {
  for (int i = 0; i < n; i++)
    p[i] = 0.3 + 0.1 * i + a * ((i * 7) % 5);
}

// The derivative along `v` by forward mode, of the function called in `call`, against the gradient.
#define AGAINST_FORWARD(want)                                                                                          \
  do {                                                                                                                 \
    double got = 0;                                                                                                    \
    for (int i = 0; i < N * W; i++)                                                                                    \
      got += dx[i] * v[i];                                                                                             \
    for (int i = 0; i < W + N; i++)                                                                                    \
      got += drow0[i] * vrow[i];                                                                                       \
    CHECK_TOL(got, want, 1e-11);                                                                                       \
  } while (0)

int main(void) {
  double x[N * W], dx[N * W] = {0}, v[N * W], row[N + W], drow0[N + W] = {0}, vrow[N + W], start[N + W];
  fill(x, N * W, 0.02);
  fill(v, N * W, -0.11);
  fill(start, N + W, 0.05);
  fill(vrow, N + W, 0.3);

  for (int i = 0; i < N + W; i++)
    row[i] = start[i];
  __enzyme_autodiff((void *)rows, enzyme_dup, x, dx, enzyme_dup, row, drow0, enzyme_const, (long)N, enzyme_const,
                    (long)W, enzyme_const, (long)N * W);
  double keep[N + W];
  for (int i = 0; i < N + W; i++) {
    row[i] = start[i];
    keep[i] = vrow[i];
  }
  double want = __enzyme_fwddiff((void *)rows, enzyme_dup, x, v, enzyme_dup, row, keep, enzyme_const, (long)N,
                                 enzyme_const, (long)W, enzyme_const, (long)N * W);
  AGAINST_FORWARD(want);

  for (int i = 0; i < N * W; i++)
    dx[i] = 0;
  for (int i = 0; i < N + W; i++) {
    row[i] = start[i];
    drow0[i] = 0;
  }
  __enzyme_autodiff((void *)repeated, enzyme_dup, x, dx, enzyme_dup, row, drow0, enzyme_const, 3L, enzyme_const,
                    (long)N, enzyme_const, (long)W, enzyme_const, (long)N * W);
  for (int i = 0; i < N + W; i++) {
    row[i] = start[i];
    keep[i] = vrow[i];
  }
  want = __enzyme_fwddiff((void *)repeated, enzyme_dup, x, v, enzyme_dup, row, keep, enzyme_const, 3L, enzyme_const,
                          (long)N, enzyme_const, (long)W, enzyme_const, (long)N * W);
  AGAINST_FORWARD(want);

  // No rows at all, of no width: nothing is allocated, nothing is entered.
  double dx0[N * W] = {0}, d0[N + W] = {0};
  __enzyme_autodiff((void *)rows, enzyme_dup, x, dx0, enzyme_dup, row, d0, enzyme_const, 0L, enzyme_const, 0L,
                    enzyme_const, 0L);
  CHECK(dx0[0], 0.0);

  // d = 3: out1 += l0 x0 out0; out2 += l1 x0 out0; out2 += l2 x1 out1.
  double l[3] = {0.5, -1.5, 2.0}, dl[3] = {0}, y[3] = {1.5, 0.5, 3.0}, dy[3] = {0}, o[3] = {1.0, 2.0, 3.0},
         d_o[3] = {0};
  __enzyme_autodiff((void *)triangle, enzyme_dup, l, dl, enzyme_dup, y, dy, enzyme_dup, o, d_o, enzyme_const, 3UL,
                    enzyme_const, 3UL);
  double o1 = 2.0 + 0.5 * 1.5, o2 = 3.0 - 1.5 * 1.5 + 2.0 * 0.5 * o1;
  double b2 = 2 * o2, b1 = 2 * o1 + b2 * 2.0 * 0.5;
  CHECK(dl[2], b2 * 0.5 * o1);
  CHECK(dl[1], b2 * 1.5);
  CHECK(dl[0], b1 * 1.5);
  CHECK(dy[1], b2 * 2.0 * o1);
  CHECK(dy[0], b1 * 0.5 + b2 * -1.5);
  CHECK(d_o[0], 2 * 1.0 + b1 * 0.5 * 1.5 + b2 * -1.5 * 1.5);
  CHECK_END();
}
