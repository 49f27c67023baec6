// What: Euler and Runge-Kutta integrators with a function pointer for the right-hand side and with local arrays.
// Covers: control for loop; calls function pointer argument
#include "check.h"
#include "enzyme.h"
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

typedef void (*rhs_t)(double t, const double *y, double *dy, const double *p);

static void pendulum(double t, const double *y, double *dy, const double *p) {
  (void)t;
  dy[0] = y[1];
  dy[1] = -p[0] * sin(y[0]) - p[1] * y[1];
}
static void decay(double t, const double *y, double *dy, const double *p) {
  (void)t;
  dy[0] = -p[0] * y[0];
}

static void euler(rhs_t f, double *y, const double *p, int n, double h, int steps) {
  double dy[2];
  for (int s = 0; s < steps; s++) {
    f(s * h, y, dy, p);
    for (int i = 0; i < n; i++)
      y[i] += h * dy[i];
  }
}

static void rk4(rhs_t f, double *y, const double *p, int n, double h, int steps) {
  double k1[2], k2[2], k3[2], k4[2], w[2];
  for (int s = 0; s < steps; s++) {
    double t = s * h;
    f(t, y, k1, p);
    for (int i = 0; i < n; i++)
      w[i] = y[i] + 0.5 * h * k1[i];
    f(t + h / 2, w, k2, p);
    for (int i = 0; i < n; i++)
      w[i] = y[i] + 0.5 * h * k2[i];
    f(t + h / 2, w, k3, p);
    for (int i = 0; i < n; i++)
      w[i] = y[i] + h * k3[i];
    f(t + h, w, k4, p);
    for (int i = 0; i < n; i++)
      y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }
}

static double swing(const double *y0, const double *p, int steps) {
  double y[2];
  memcpy(y, y0, sizeof y);
  rk4(pendulum, y, p, 2, 0.05, steps);
  return y[0] * y[0] + y[1];
}

static double decayed(double y0, double k, int steps) {
  double y[1] = {y0}, p[1] = {k};
  euler(decay, y, p, 1, 0.1, steps);
  return y[0];
}

struct pair {
  double x, y;
};
struct pair __enzyme_autodiff_pair(void *, ...);

int main(void) {
  struct pair d = __enzyme_autodiff_pair((void *)decayed, enzyme_out, 2.0, enzyme_out, 0.5, enzyme_const, 10);
  CHECK(d.x, pow(0.95, 10));
  CHECK(d.y, 2 * 10 * pow(0.95, 9) * -0.1);
  double y[2] = {1, 0.2}, p[2] = {9.81, 0.3}, dy[2] = {0}, dp[2] = {0};
  __enzyme_autodiff((void *)swing, enzyme_dup, y, dy, enzyme_dup, p, dp, enzyme_const, 40);
  for (int i = 0; i < 4; i++) {
    double ty[2] = {i == 0, i == 1}, tp[2] = {i == 2, i == 3};
    double f = __enzyme_fwddiff((void *)swing, enzyme_dup, y, ty, enzyme_dup, p, tp, enzyme_const, 40);
    CHECK(f, i < 2 ? dy[i] : dp[i - 2]);
    double h = 1e-5, up[4] = {y[0], y[1], p[0], p[1]}, down[4] = {y[0], y[1], p[0], p[1]};
    up[i] += h;
    down[i] -= h;
    CHECK_TOL(f, (swing(up, up + 2, 40) - swing(down, down + 2, 40)) / (2 * h), 1e-7);
  }
  CHECK_END();
}
