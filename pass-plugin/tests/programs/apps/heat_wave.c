// What: heat equation with pointer swaps in the time loop, wave equation with three levels, periodic and fixed borders.
// Covers: memory pointer swap; control nested loops; memory calloc
#include "check.h"
#include "enzyme.h"
#include <string.h>
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static double heat(const double *start, int n, double k, int steps) {
  double *now = malloc(n * sizeof(double)), *next = malloc(n * sizeof(double));
  memcpy(now, start, n * sizeof(double));
  for (int s = 0; s < steps; s++) {
    for (int i = 0; i < n; i++)
      next[i] = now[i] + k * (now[(i + n - 1) % n] - 2 * now[i] + now[(i + 1) % n]);
    double *t = now;
    now = next;
    next = t;
  }
  double e = 0;
  for (int i = 0; i < n; i++)
    e += now[i] * now[i];
  free(now);
  free(next);
  return e;
}

static double wave(const double *start, const double *speed, int n, int steps) {
  double *buffer = calloc(3 * n, sizeof(double));
  double *old = buffer, *now = buffer + n, *next = buffer + 2 * n;
  for (int i = 0; i < n; i++)
    old[i] = now[i] = start[i];
  for (int s = 0; s < steps; s++) {
    for (int i = 1; i < n - 1; i++) {
      double c = speed[i] * speed[i];
      next[i] = 2 * now[i] - old[i] + c * (now[i - 1] - 2 * now[i] + now[i + 1]);
    }
    double *t = old;
    old = now;
    now = next;
    next = t;
  }
  double e = 0;
  for (int i = 0; i < n; i++)
    e += now[i] * old[i] + now[i];
  free(buffer);
  return e;
}

enum { N = 8 };

int main(void) {
  double u[N], du[N] = {0}, t[N];
  for (int i = 0; i < N; i++)
    u[i] = sin(i) + 0.3 * i;
  __enzyme_autodiff((void *)heat, enzyme_dup, u, du, enzyme_const, N, enzyme_const, 0.2, enzyme_const, 10);
  /* The step is a symmetric matrix A: the gradient is 2 A^20 u, that is 2 times 20 steps of the heat equation. */
  double a[N], b[N];
  memcpy(a, u, sizeof a);
  for (int s = 0; s < 20; s++) {
    for (int i = 0; i < N; i++)
      b[i] = a[i] + 0.2 * (a[(i + N - 1) % N] - 2 * a[i] + a[(i + 1) % N]);
    memcpy(a, b, sizeof a);
  }
  for (int i = 0; i < N; i++)
    CHECK(du[i], 2 * a[i]);
  double c[N], dc[N] = {0};
  memset(du, 0, sizeof du);
  for (int i = 0; i < N; i++)
    c[i] = 0.3 + 0.05 * i;
  __enzyme_autodiff((void *)wave, enzyme_dup, u, du, enzyme_dup, c, dc, enzyme_const, N, enzyme_const, 9);
  for (int i = 0; i < N; i++) {
    memset(t, 0, sizeof t);
    t[i] = 1;
    CHECK(__enzyme_fwddiff((void *)wave, enzyme_dup, u, t, enzyme_const, c, enzyme_const, N, enzyme_const, 9), du[i]);
    CHECK(__enzyme_fwddiff((void *)wave, enzyme_const, u, enzyme_dup, c, t, enzyme_const, N, enzyme_const, 9), dc[i]);
  }
  CHECK_END();
}
