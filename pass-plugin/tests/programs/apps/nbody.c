// What: an n-body simulation on an array of structs: the gradient of the energy is minus the force, and of the end state.
// Covers: memory array of structs; control for loop
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct body {
  double x[3], v[3], mass;
};

static double potential(const struct body *b, int n) {
  double e = 0;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) {
      double r2 = 0;
      for (int k = 0; k < 3; k++) {
        double d = b[i].x[k] - b[j].x[k];
        r2 += d * d;
      }
      e -= b[i].mass * b[j].mass / sqrt(r2);
    }
  return e;
}

static void step(struct body *b, int n, double h) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      if (i == j)
        continue;
      double d[3], r2 = 0.01;
      for (int k = 0; k < 3; k++) {
        d[k] = b[j].x[k] - b[i].x[k];
        r2 += d[k] * d[k];
      }
      double f = b[j].mass / (r2 * sqrt(r2));
      for (int k = 0; k < 3; k++)
        b[i].v[k] += h * f * d[k];
    }
  for (int i = 0; i < n; i++)
    for (int k = 0; k < 3; k++)
      b[i].x[k] += h * b[i].v[k];
}

static double simulate(struct body *b, int n, int steps) {
  for (int s = 0; s < steps; s++)
    step(b, n, 0.01);
  return potential(b, n);
}

static void fill(struct body *b) {
  for (int i = 0; i < 3; i++) {
    for (int k = 0; k < 3; k++) {
      b[i].x[k] = sin(1 + i + 3 * k);
      b[i].v[k] = 0.1 * cos(i * k);
    }
    b[i].mass = 1 + 0.5 * i;
  }
}

int main(void) {
  struct body b[3], d[3] = {0};
  fill(b);
  __enzyme_autodiff((void *)potential, enzyme_dup, b, d, enzyme_const, 3);
  for (int k = 0; k < 3; k++) {
    double g = 0, total = 0;
    for (int j = 1; j < 3; j++) {
      double r2 = 0;
      for (int c = 0; c < 3; c++)
        r2 += (b[0].x[c] - b[j].x[c]) * (b[0].x[c] - b[j].x[c]);
      g += b[0].mass * b[j].mass * (b[0].x[k] - b[j].x[k]) / (r2 * sqrt(r2));
    }
    for (int j = 0; j < 3; j++)
      total += d[j].x[k];
    CHECK(d[0].x[k], g);
    CHECK(total, 0);
    CHECK(d[1].v[k], 0);
  }
  struct body s[3] = {0};
  __enzyme_autodiff((void *)simulate, enzyme_dup, b, s, enzyme_const, 3, enzyme_const, 20);
  for (int i = 0; i < 3; i++)
    for (int f = 0; f < 7; f++) {
      struct body p[3], t[3] = {0};
      fill(p);
      ((double *)&t[i])[f] = 1;
      CHECK(__enzyme_fwddiff((void *)simulate, enzyme_dup, p, t, enzyme_const, 3, enzyme_const, 20), ((double *)&s[i])[f]);
    }
  CHECK_END();
}
