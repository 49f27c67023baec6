// What: a Kalman filter with 2x2 matrices as structs of arrays passed by pointer: the log-likelihood of a series.
// Covers: memory struct with arrays; calls pointer arguments
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct matrix {
  double e[2][2];
};
struct state {
  double x[2];
  struct matrix p;
};

static void multiply(const struct matrix *a, const struct matrix *b, int transpose, struct matrix *c) {
  struct matrix r = {{{0}}};
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      for (int k = 0; k < 2; k++)
        r.e[i][j] += a->e[i][k] * (transpose ? b->e[j][k] : b->e[k][j]);
  *c = r;
}

static void predict(struct state *s, double dt, double noise) {
  struct matrix f = {{{1, dt}, {0, 1}}}, t;
  s->x[0] += dt * s->x[1];
  multiply(&f, &s->p, 0, &t);
  multiply(&t, &f, 1, &s->p);
  s->p.e[0][0] += noise * dt;
  s->p.e[1][1] += noise * dt;
}

static double update(struct state *s, double z, double noise) {
  double y = z - s->x[0], v = s->p.e[0][0] + noise, k[2] = {s->p.e[0][0] / v, s->p.e[1][0] / v};
  struct matrix h = {{{1 - k[0], 0}, {-k[1], 1}}};
  s->x[0] += k[0] * y;
  s->x[1] += k[1] * y;
  multiply(&h, &s->p, 0, &s->p);
  return -0.5 * (y * y / v + log(v));
}

static double likelihood(const double *z, int n, double q, double r) {
  struct state s = {{0, 0}, {{{1, 0}, {0, 1}}}};
  double sum = 0;
  for (int i = 0; i < n; i++) {
    predict(&s, 0.5, q);
    sum += update(&s, z[i], r);
  }
  return sum;
}

struct pair {
  double q, r;
};
struct pair __enzyme_autodiff_pair(void *, ...);

int main(void) {
  double z[6] = {0.5, 0.9, 1.7, 2.0, 2.4, 3.3}, dz[6] = {0}, h = 1e-5;
  struct pair g = __enzyme_autodiff_pair((void *)likelihood, enzyme_dup, z, dz, enzyme_const, 6, enzyme_out, 0.3,
                                         enzyme_out, 0.2);
  CHECK(g.q, __enzyme_fwddiff((void *)likelihood, enzyme_const, z, enzyme_const, 6, enzyme_dup, 0.3, 1.0, enzyme_const, 0.2));
  CHECK(g.r, __enzyme_fwddiff((void *)likelihood, enzyme_const, z, enzyme_const, 6, enzyme_const, 0.3, enzyme_dup, 0.2, 1.0));
  CHECK_TOL(g.q, (likelihood(z, 6, 0.3 + h, 0.2) - likelihood(z, 6, 0.3 - h, 0.2)) / (2 * h), 1e-8);
  CHECK_TOL(g.r, (likelihood(z, 6, 0.3, 0.2 + h) - likelihood(z, 6, 0.3, 0.2 - h)) / (2 * h), 1e-8);
  for (int i = 0; i < 6; i++) {
    double t[6] = {0};
    t[i] = 1;
    CHECK(__enzyme_fwddiff((void *)likelihood, enzyme_dup, z, t, enzyme_const, 6, enzyme_const, 0.3, enzyme_const, 0.2), dz[i]);
  }
  /* One step by hand: v = 1 + dt^2 + q dt + r. */
  double one = 0;
  __enzyme_autodiff((void *)likelihood, enzyme_dup, z, &one, enzyme_const, 1, enzyme_const, 0.3, enzyme_const, 0.2);
  CHECK(one, -z[0] / (1 + 0.25 + 0.15 + 0.2));
  CHECK_END();
}
