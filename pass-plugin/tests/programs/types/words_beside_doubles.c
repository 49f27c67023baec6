// What: a pointer that leads to an array of doubles or to a double field of a struct with an int and a float: stores of the int are not stores of half a double.
// Covers: types structs by value; memory pointers chosen at run time
#include "check.h"
#include <stdlib.h>
struct item { double f0; int k; float g; double f1; };
extern double __enzyme_autodiff(void *, ...);
extern int enzyme_out, enzyme_const;

static double chosen(double a, long n) {
  double *t = malloc(64), *u = malloc(64);
  struct item *r = malloc(4 * sizeof *r);
  for (int i = 0; i < 8; i++) { t[i] = (i + 1) * a; u[i] = i * a; }
  for (int i = 0; i < 4; i++) { r[i].f0 = i * a * a; r[i].f1 = a - i; r[i].k = i; r[i].g = 1; }
  double *p = n > 2 ? &t[5] : &r[1].f0;
  u[2] += *p * r[2].k;
  double e = u[2] + u[6] * r[3].g;
  free(t); free(u); free(r);
  return e;
}

int main(void) {
  /* e = 2a + 2·(6a or a²) + 6a */
  CHECK(__enzyme_autodiff((void *)chosen, enzyme_out, 1.5, enzyme_const, 4L), 20);
  CHECK(__enzyme_autodiff((void *)chosen, enzyme_out, 1.5, enzyme_const, 1L), 8 + 4 * 1.5);
  CHECK_END();
}
