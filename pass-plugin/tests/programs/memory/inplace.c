// What: in-place algorithms: prefix sums, LU, Cholesky, FFT, Gauss-Seidel, bubble sort, time loop, reverse.
// Covers: memory in-place algorithms
#include "agree.h"
#include <string.h>
static double prefix(double *x, int n) { for (int i = 1; i < n; i++) x[i] += x[i - 1] * x[i]; return x[n - 1] * x[n / 2]; }
static double lu(double *x, int n) { int m = 3; double a[9]; memcpy(a, x, sizeof a); (void)n;
  for (int k = 0; k < m; k++) for (int i = k + 1; i < m; i++) { a[i * m + k] /= a[k * m + k]; for (int j = k + 1; j < m; j++) a[i * m + j] -= a[i * m + k] * a[k * m + j]; }
  double d = 1; for (int k = 0; k < m; k++) d *= a[k * m + k]; return d; }
static double chol(double *x, int n) { int m = 3; (void)n; double *a = x;
  for (int j = 0; j < m; j++) { for (int k = 0; k < j; k++) a[j*m+j] -= a[j*m+k]*a[j*m+k]; a[j*m+j] = sqrt(a[j*m+j]);
    for (int i = j + 1; i < m; i++) { for (int k = 0; k < j; k++) a[i*m+j] -= a[i*m+k]*a[j*m+k]; a[i*m+j] /= a[j*m+j]; } }
  double d = 0; for (int j = 0; j < m; j++) d += log(a[j*m+j]) + a[6 + j]; return d; }
static double sort(double *x, int n) { for (int i = 0; i < n; i++) for (int j = 0; j + 1 < n - i; j++) if (x[j] > x[j+1]) { double t = x[j]; x[j] = x[j+1]; x[j+1] = t; } double r = 0; for (int i = 0; i < n; i++) r += (i+1)*x[i]*x[i]; return r; }
static double gs(double *x, int n) { double u[8] = {0}; for (int it = 0; it < 20; it++) for (int i = 0; i < n; i++) u[i] = (x[i] + (i ? u[i-1] : 0) + (i + 1 < n ? u[i+1] : 0)) / (3 + 0.1 * u[i] * u[i]); double r = 0; for (int i = 0; i < n; i++) r += u[i]*u[i]; return r; }
static double heat(double *x, int n) { double a[16], b[16], *u = a, *v = b; memcpy(u, x, n * sizeof *u); for (int t = 0; t < 50; t++) { for (int i = 0; i < n; i++) v[i] = u[i] + 0.1 * (u[(i+1)%n] - 2*u[i] + u[(i+n-1)%n]) + 0.01 * u[i]*u[i]; double *w = u; u = v; v = w; } double r = 0; for (int i = 0; i < n; i++) r += u[i]*u[i]; return r; }
static void fft(double *re, double *im, int n) { for (int i = 1, j = 0; i < n; i++) { int bit = n >> 1; for (; j & bit; bit >>= 1) j ^= bit; j ^= bit; if (i < j) { double t = re[i]; re[i] = re[j]; re[j] = t; t = im[i]; im[i] = im[j]; im[j] = t; } }
  for (int len = 2; len <= n; len <<= 1) { double ang = 2 * M_PI / len; for (int i = 0; i < n; i += len) for (int j = 0; j < len / 2; j++) { double wr = cos(ang * j), wi = sin(ang * j); double ur = re[i+j], ui = im[i+j]; double vr = re[i+j+len/2]*wr - im[i+j+len/2]*wi, vi = re[i+j+len/2]*wi + im[i+j+len/2]*wr; re[i+j] = ur+vr; im[i+j] = ui+vi; re[i+j+len/2] = ur-vr; im[i+j+len/2] = ui-vi; } } }
static double four(double *x, int n) { double im[8] = {0}; fft(x, im, n); double r = 0; for (int i = 0; i < n; i++) r += (i+1)*(x[i]*x[i] + im[i]*im[i]); return r; }
static double rev(double *x, int n) { for (int i = 0, j = n - 1; i < j; i++, j--) { double t = x[i]; x[i] = x[j]; x[j] = t * t; } double r = 0; for (int i = 0; i < n; i++) r += (i+1)*x[i]*x[i]; return r; }
int main(void) { AGREE(prefix, 4, {3, -1, 2, 0.5}); AGREE(lu, 9, {4, 1, 2, 1, 5, 3, 2, 3, 6}); AGREE(chol, 9, {4, 1, 2, 1, 5, 3, 2, 3, 6});
 AGREE(sort, 5, {3, -1, 2, 0.5, 9}); AGREE(gs, 4, {3, -1, 2, 0.5}); AGREE(heat, 5, {3, -1, 2, 0.5, 1}); AGREE(four, 8, {3, -1, 2, 0.5, 1, 2, 3, 4}); AGREE(rev, 5, {3, -1, 2, 0.5, 1}); CHECK_END(); }
