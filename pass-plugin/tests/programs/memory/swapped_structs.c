// What: struct assignment through a local where only one field is looked at otherwise; the result is the others' derivative too.
// Covers: memory struct assignment
#include "agree.h"
#include <string.h>
struct s { double x, y; };
static double f(struct s *a, int n) { double r = 0; for (int i = 0; i + 1 < n; i++) { struct s t = a[i]; a[i] = a[i + 1]; a[i + 1] = t; r += a[i].x; } return r; }
static double g(struct s *a, int n) { double r = 0; for (int i = 0; i + 1 < n; i++) { struct s t; memcpy(&t, a + i, sizeof t); memcpy(a + i, a + i + 1, sizeof t);  memcpy(a + i + 1, &t, sizeof t); r += a[i].x; } return r; }
int main(void) {
  struct s a[3] = {{1, 2}, {3, 4}, {5, 6}}, d[3] = {{0, 10}, {0, 20}, {0, 30}};
  __enzyme_autodiff((void *)f, enzyme_dup, a, d, enzyme_const, 3);
  CHECK(a[2].y, 2); CHECK(d[0].y, 30); CHECK(d[1].y, 10); CHECK(d[2].y, 20); CHECK(d[1].x, 1);
  struct s b[3] = {{1, 2}, {3, 4}, {5, 6}}, e[3] = {{0, 10}, {0, 20}, {0, 30}};
  __enzyme_autodiff((void *)g, enzyme_dup, b, e, enzyme_const, 3);
  CHECK(b[2].y, 2); CHECK(e[0].y, 30); CHECK(e[1].y, 10); CHECK(e[2].y, 20); CHECK(e[1].x, 1);
  CHECK_END();
}
