// What: Bezier curves by de Casteljau on structs passed and returned by value; the arc length of a spline.
// Covers: aggregates struct by value; calls returning a struct
#include "check.h"
#include "enzyme.h"
void __enzyme_autodiff(void *, ...);
double __enzyme_autodiff1(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct point {
  double x, y;
};
static struct point mix(struct point a, struct point b, double t) {
  struct point r = {(1 - t) * a.x + t * b.x, (1 - t) * a.y + t * b.y};
  return r;
}
static struct point bezier(const struct point *p, int n, double t) {
  struct point w[8];
  for (int i = 0; i < n; i++)
    w[i] = p[i];
  for (int k = n - 1; k > 0; k--)
    for (int i = 0; i < k; i++)
      w[i] = mix(w[i], w[i + 1], t);
  return w[0];
}
static double distance(struct point a, struct point b) { return hypot(a.x - b.x, a.y - b.y); }
static double length(const struct point *p, int n, int pieces) {
  struct point last = p[0];
  double s = 0;
  for (int i = 1; i <= pieces; i++) {
    struct point q = bezier(p, n, (double)i / pieces);
    s += distance(last, q);
    last = q;
  }
  return s;
}
static double height(const struct point *p, double t) { return bezier(p, 4, t).y; }

int main(void) {
  struct point p[4] = {{0, 0}, {1, 2}, {3, -1}, {4, 1}}, d[4] = {{0, 0}};
  __enzyme_autodiff((void *)length, enzyme_dup, p, d, enzyme_const, 4, enzyme_const, 10);
  double rx = 0, ry = 0, scaled = 0;
  for (int i = 0; i < 4; i++) {
    rx += d[i].x;
    ry += d[i].y;
    scaled += d[i].x * p[i].x + d[i].y * p[i].y;
    for (int c = 0; c < 2; c++) {
      struct point t[4] = {{0, 0}};
      (c ? &t[i].y : &t[i].x)[0] = 1;
      CHECK(__enzyme_fwddiff((void *)length, enzyme_dup, p, t, enzyme_const, 4, enzyme_const, 10), c ? d[i].y : d[i].x);
    }
  }
  /* Moving the curve changes nothing, scaling it scales. */
  CHECK(rx, 0);
  CHECK(ry, 0);
  CHECK(scaled, length(p, 4, 10));
  double t = 0.3, u = 1 - t;
  double want = 3 * (u * u * (p[1].y - p[0].y) + 2 * u * t * (p[2].y - p[1].y) + t * t * (p[3].y - p[2].y));
  CHECK(__enzyme_autodiff1((void *)height, enzyme_const, p, enzyme_out, t), want);
  CHECK_END();
}
