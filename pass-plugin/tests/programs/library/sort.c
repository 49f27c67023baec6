// What: qsort and bsearch move and find data that carries derivatives; the comparator carries none
// Covers: function qsort; function bsearch; calls library callback
#include "../check.h"
#include <string.h>
extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_dup, enzyme_const;
static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
double sorted(double *p, int n) {
  qsort(p, n, sizeof *p, by_value);
  double s = 0;
  for (int i = 0; i < n; i++) s += (i + 1) * p[i] * p[i];
  return s;
}
double median(const double *p, int n) {
  double *q = malloc(n * sizeof *q);
  memcpy(q, p, n * sizeof *q);
  qsort(q, n, sizeof *q, by_value);
  double m = q[n / 2];
  free(q);
  return m * m;
}
struct Item { int key; double weight; };
static int by_key(const void *a, const void *b) { return ((const struct Item *)a)->key - ((const struct Item *)b)->key; }
double items(double x) {
  struct Item t[4] = {{3, x}, {1, x * x}, {2, 1}, {1, 2 * x}};
  qsort(t, 4, sizeof t[0], by_key);
  return t[0].weight * 1 + t[1].weight * 10 + t[2].weight * 100 * x + t[3].weight * 1000;
}
double find(double x) {
  struct Item t[3] = {{1, x}, {4, x * x}, {9, x * x * x}};
  struct Item key = {4, 0};
  struct Item *found = bsearch(&key, t, 3, sizeof t[0], by_key);
  key.key = 5;
  struct Item *none = bsearch(&key, t, 3, sizeof t[0], by_key);
  if (!found || none) return 0;
  found->weight *= 3;
  return t[0].weight + t[1].weight;
}
static int ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
double sorted_ints(double x) {
  int order[4] = {3, 0, 2, 1};
  qsort(order, 4, sizeof(int), ints);
  double s = 0;
  for (int i = 0; i < 4; i++) s += order[i] * x * x;
  return s;
}
int main() {
  double p[5] = {3, -1, 2, 5, 0.5}, d[5] = {0};
  double q[5];
  memcpy(q, p, sizeof p);
  __enzyme_autodiff((void *)sorted, enzyme_dup, p, d, enzyme_const, 5);
  int rank[5] = {4, 1, 3, 5, 2};
  for (int i = 0; i < 5; i++) CHECK(d[i], 2 * rank[i] * q[i]);
  for (int i = 1; i < 5; i++) CHECK(p[i] >= p[i - 1], 1);
  memcpy(p, q, sizeof p);
  double t[5] = {1, 2, 3, 4, 5};
  CHECK(__enzyme_fwddiff((void *)sorted, enzyme_dup, p, t, enzyme_const, 5), 2 * (4 * 3 * 1 + 1 * -1 * 2 + 3 * 2 * 3 + 5 * 5 * 4 + 2 * 0.5 * 5));
  double g[5] = {0};
  __enzyme_autodiff((void *)median, enzyme_dup, q, g, enzyme_const, 5);
  for (int i = 0; i < 5; i++) CHECK(g[i], i == 2 ? 4 : 0);
  double x = 1.5, want = 2 * x + 20 + 100 + 1000;
  CHECK(__enzyme_autodiff((void *)items, x), want);
  CHECK(__enzyme_fwddiff((void *)items, x, 1.0), want);
  CHECK(__enzyme_autodiff((void *)find, x), 1 + 6 * x);
  CHECK(__enzyme_fwddiff((void *)find, x, 1.0), 1 + 6 * x);
  CHECK(__enzyme_autodiff((void *)sorted_ints, x), 6 * 2 * x);
  CHECK_END();
}
