// What: a recursive and an iterative FFT on interleaved complex numbers; Parseval gives the gradient in closed form.
// Covers: calls recursion; memory alloca; control nested loops
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static const double pi = 3.14159265358979323846;

static void fft_recursive(double *data, int n) {
  if (n == 1)
    return;
  double even[n], odd[n];
  for (int i = 0; i < n / 2; i++) {
    even[2 * i] = data[4 * i];
    even[2 * i + 1] = data[4 * i + 1];
    odd[2 * i] = data[4 * i + 2];
    odd[2 * i + 1] = data[4 * i + 3];
  }
  fft_recursive(even, n / 2);
  fft_recursive(odd, n / 2);
  for (int i = 0; i < n / 2; i++) {
    double c = cos(2 * pi * i / n), s = -sin(2 * pi * i / n);
    double re = c * odd[2 * i] - s * odd[2 * i + 1], im = s * odd[2 * i] + c * odd[2 * i + 1];
    data[2 * i] = even[2 * i] + re;
    data[2 * i + 1] = even[2 * i + 1] + im;
    data[2 * i + n] = even[2 * i] - re;
    data[2 * i + n + 1] = even[2 * i + 1] - im;
  }
}

static void fft_in_place(double *data, unsigned n) {
  for (unsigned i = 1, j = 0; i < n; i++) {
    unsigned bit = n >> 1;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j)
      for (int k = 0; k < 2; k++) {
        double t = data[2 * i + k];
        data[2 * i + k] = data[2 * j + k];
        data[2 * j + k] = t;
      }
  }
  for (unsigned len = 2; len <= n; len <<= 1) {
    double wr = cos(2 * pi / len), wi = -sin(2 * pi / len);
    for (unsigned i = 0; i < n; i += len) {
      double cr = 1, ci = 0;
      for (unsigned j = 0; j < len / 2; j++) {
        double *u = data + 2 * (i + j), *v = u + len;
        double re = v[0] * cr - v[1] * ci, im = v[0] * ci + v[1] * cr;
        v[0] = u[0] - re;
        v[1] = u[1] - im;
        u[0] += re;
        u[1] += im;
        double t = cr * wr - ci * wi;
        ci = cr * wi + ci * wr;
        cr = t;
      }
    }
  }
}

static double energy(double *data, int n, int in_place) {
  if (in_place)
    fft_in_place(data, n);
  else
    fft_recursive(data, n);
  double s = 0;
  for (int i = 0; i < 2 * n; i++)
    s += data[i] * data[i];
  return s;
}

enum { N = 8 };

int main(void) {
  for (int in_place = 0; in_place < 2; in_place++) {
    double x[2 * N], start[2 * N], d[2 * N] = {0}, t[2 * N], sum = 0;
    for (int i = 0; i < 2 * N; i++) {
      start[i] = x[i] = sin(i) + 0.1 * i;
      t[i] = cos(i);
      sum += 2 * N * start[i] * t[i];
    }
    __enzyme_autodiff((void *)energy, enzyme_dup, x, d, enzyme_const, N, enzyme_const, in_place);
    for (int i = 0; i < 2 * N; i++) {
      CHECK(d[i], 2 * N * start[i]);
      x[i] = start[i];
    }
    CHECK(__enzyme_fwddiff((void *)energy, enzyme_dup, x, t, enzyme_const, N, enzyme_const, in_place), sum);
  }
  CHECK_END();
}
