// What: triangular nests in place: Cholesky and a fast Fourier transform, reverse against forward and the closed form.
// Covers: control triangular nest; control in-place loop nest
#include <string.h>

#include "check.h"
#include "enzyme.h"

void __enzyme_fwddiff(void *, ...);
void __enzyme_autodiff(void *, ...);

static void cholesky(double *a, int n) {
  for (int j = 0; j < n; j++) {
    double s = a[j * n + j];
    for (int k = 0; k < j; k++)
      s -= a[j * n + k] * a[j * n + k];
    a[j * n + j] = sqrt(s);
    for (int i = j + 1; i < n; i++) {
      double t = a[i * n + j];
      for (int k = 0; k < j; k++)
        t -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = t / a[j * n + j];
      a[j * n + i] = 0;
    }
  }
}

static void fourier(double *re, double *im, int n) {
  for (int i = 1, j = 0; i < n; i++) {
    int b = n >> 1;
    for (; j & b; b >>= 1)
      j ^= b;
    j ^= b;
    if (i < j) {
      double t = re[i];
      re[i] = re[j];
      re[j] = t;
      t = im[i];
      im[i] = im[j];
      im[j] = t;
    }
  }
  for (int len = 2; len <= n; len <<= 1) {
    double a = -2 * M_PI / len;
    for (int i = 0; i < n; i += len)
      for (int k = 0; k < len / 2; k++) {
        double c = cos(a * k), s = sin(a * k);
        int u = i + k, v = u + len / 2;
        double tr = re[v] * c - im[v] * s, ti = re[v] * s + im[v] * c;
        re[v] = re[u] - tr;
        im[v] = im[u] - ti;
        re[u] += tr;
        im[u] += ti;
      }
  }
}

int main(void) {
  enum { n = 3 };
  const double a[n * n] = {4, 1, 2, 1, 5, 3, 2, 3, 6};
  double b[n * n], d[n * n];
  memcpy(b, a, sizeof a);
  for (int k = 0; k < n * n; k++)
    d[k] = k + 1;
  __enzyme_autodiff((void *)cholesky, b, d, n);
  for (int k = 0; k < n * n; k++) {
    double c[n * n], t[n * n] = {0};
    memcpy(c, a, sizeof a);
    t[k] = 1;
    __enzyme_fwddiff((void *)cholesky, c, t, n);
    double sum = 0;
    for (int i = 0; i < n * n; i++)
      sum += t[i] * (i + 1);
    CHECK(d[k], sum);
  }
  double re[8] = {1, 2, 3, 4, 5, 6, 7, 8}, im[8] = {0}, dre[8] = {0}, dim[8] = {0};
  dre[1] = 1;
  __enzyme_autodiff((void *)fourier, re, dre, im, dim, 8);
  for (int k = 0; k < 8; k++) {
    CHECK(dre[k], cos(2 * M_PI * k / 8));
    CHECK(dim[k], sin(2 * M_PI * k / 8));
  }
  CHECK_END();
}
