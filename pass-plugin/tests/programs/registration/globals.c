// What: an inactive global takes active values and gives none back
// Covers: registration __enzyme_inactive_global; annotation enzyme_inactive
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);

double last;
double *__enzyme_inactive_global_last = &last;
double f(double x) {
  last = x * x;
  return last * x;
}

static double table[4];
void *__enzyme_inactive_global1[] = {(void *)table};
double g(double x) {
  for (int i = 0; i < 4; i++)
    table[i] = x + i;
  double sum = 0;
  for (int i = 0; i < 4; i++)
    sum += table[i] * x;
  return sum;
}

__attribute__((annotate("enzyme_inactive"))) double noted = 0;
double h(double x) {
  noted += x;
  return noted * x;
}

int main() {
  CHECK(__enzyme_autodiff((void *)f, 3.0), 9);
  CHECK(last, 9);
  CHECK(__enzyme_fwddiff((void *)f, 3.0, 1.0), 9);
  CHECK(__enzyme_autodiff((void *)g, 2.0), 4 * 2 + 6);
  CHECK(__enzyme_fwddiff((void *)g, 2.0, 1.0), 4 * 2 + 6);
  CHECK(__enzyme_autodiff((void *)h, 3.0), 3);
  CHECK(__enzyme_fwddiff((void *)h, 3.0, 1.0), 6);
  CHECK_END();
}
