// What: inactive functions, by registration, annotation and at the call, cut derivatives and keep their effects
// Covers: registration __enzyme_inactivefn; annotation enzyme_inactive; entry __enzyme_call_inactive; entry __enzyme_ignore_derivatives
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern double __enzyme_call_inactive(void *, ...);
extern float __enzyme_call_inactive_float(void *, ...);
extern void __enzyme_call_inactive_void(void *, ...);
extern double __enzyme_ignore_derivatives(double);
extern int enzyme_dup, enzyme_const;

static int calls = 0;
double step(double x) {
  calls++;
  return floor(x) + x * 0;
}
void *__enzyme_inactivefn_step[] = {(void *)step};
double f(double x) { return step(x) * x; }

// One global names several.
double first(double x) { return x * x; }
double second(double x) { return x * x * x; }
void *__enzyme_inactivefn[] = {(void *)first, (void *)second};
double g(double x) { return first(x) * x + second(x) * x; }

__attribute__((annotate("enzyme_inactive"))) double weight(double x) { return 2 * x; }
double h(double x) { return weight(x) * x; }

// It writes memory that the derivative reads again: the values of each iteration are to be used.
static double factor = 1;
void grow(double by) { factor *= by; }
void *__enzyme_inactivefn_grow = (void *)grow;
double changing(double x) {
  double sum = 0;
  factor = 1;
  for (int i = 0; i < 3; i++) {
    sum += factor * x * x;
    grow(2.0);
  }
  return sum;
}
void fill(double *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = i + 1;
}
void *__enzyme_inactivefn_fill = (void *)fill;
double filled(double x) {
  double p[3];
  fill(p, 3);
  return p[0] * x + p[1] * x * x + p[2];
}

// At the call only.
double sq(double x) { return x * x; }
float sqf(float x) { return x * x; }
double at_call(double x) { return __enzyme_call_inactive((void *)sq, x) * x + sq(x); }
double at_call_float(double x) { return __enzyme_call_inactive_float((void *)sqf, (float)x) * x; }
static double seen = 0;
void look(double x, int n) { seen += x * n; }
double watched(double x) {
  double y = x * x;
  __enzyme_call_inactive_void((void *)look, y, 2);
  return y * x;
}

double cut(double x) { return __enzyme_ignore_derivatives(x) * x; }
double cut_loop(double x) {
  double r = 1;
  for (int i = 0; i < 3; i++)
    r = r * x + __enzyme_ignore_derivatives(r * x);
  return r;
}
double second_order(double x) { return __enzyme_autodiff((void *)cut, x); }

int main() {
  CHECK(__enzyme_autodiff((void *)f, 2.5), 2);
  CHECK(calls, 1);
  CHECK(__enzyme_fwddiff((void *)f, 2.5, 1.0), 2);
  CHECK(__enzyme_autodiff((void *)g, 3.0), 9 + 27);
  CHECK(__enzyme_fwddiff((void *)g, 3.0, 1.0), 9 + 27);
  CHECK(__enzyme_autodiff((void *)h, 3.0), 6);
  CHECK(__enzyme_autodiff((void *)changing, 3.0), 2 * 3 * (1 + 2 + 4));
  CHECK(__enzyme_fwddiff((void *)changing, 3.0, 1.0), 2 * 3 * (1 + 2 + 4));
  CHECK(__enzyme_autodiff((void *)filled, 3.0), 1 + 2 * 2 * 3);
  CHECK(__enzyme_fwddiff((void *)filled, 3.0, 1.0), 1 + 2 * 2 * 3);
  CHECK(__enzyme_autodiff((void *)at_call, 3.0), 9 + 6);
  CHECK(__enzyme_fwddiff((void *)at_call, 3.0, 1.0), 9 + 6);
  CHECK(at_call(3.0), 36);
  CHECK(__enzyme_autodiff((void *)at_call_float, 3.0), 9);
  CHECK(__enzyme_autodiff((void *)watched, 3.0), 27);
  CHECK(seen, 18);
  CHECK(__enzyme_autodiff((void *)cut, 3.0), 3);
  CHECK(__enzyme_fwddiff((void *)cut, 3.0, 1.0), 3);
  CHECK(cut(3.0), 9);
  // r_k = 2 x r_(k-1), of which half carries the derivative.
  CHECK(__enzyme_autodiff((void *)cut_loop, 2.0), 4 * 4 + 2 * (4 + 2 * 1));
  CHECK(__enzyme_fwddiff((void *)cut_loop, 2.0, 1.0), 4 * 4 + 2 * (4 + 2 * 1));
  CHECK(__enzyme_fwddiff((void *)second_order, 2.0, 1.0), 0);
  CHECK_END();
}
