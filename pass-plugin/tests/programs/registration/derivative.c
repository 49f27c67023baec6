// What: registered forward derivatives: tangent alone, value and tangent, pointers, vector mode; reverse mode takes the body
// Covers: registration __enzyme_register_derivative; registration __enzyme_register_splitderivative; entry __enzyme_fwddiff; marker enzyme_width
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern void __enzyme_fwddiff_void(void *, ...);
struct Pair { double value, tangent; };
struct Two { double x, y; };
extern struct Two __enzyme_fwddiff_two(void *, ...);
extern struct Pair __enzyme_fwddiff_pair(void *, ...);
extern int enzyme_dup, enzyme_const, enzyme_width, enzyme_primal_return;

double square(double x) { return x * x; }
double derivative_square(double x, double dx) { return 100 * 2 * x * dx; }
void *__enzyme_register_derivative_square[] = {(void *)square, (void *)derivative_square};
double f(double x) { return 3 * square(x) + x; }

double scaled(double x, double y, int n) { return x * y * n; }
struct Pair derivative_scaled(double x, double dx, double y, double dy, int n) {
  struct Pair r = {x * y * n, 10 * (dx * y + x * dy) * n};
  return r;
}
void *__enzyme_register_derivative_scaled[] = {(void *)scaled, (void *)derivative_scaled};
double g(double x, double y) { return scaled(x, y, 2) * scaled(x, y, 2); }
double g1(double x) { return scaled(x, 3.0, 2); }

void store(const double *in, double *out) { *out = *in + 1; }
void derivative_store(const double *in, const double *d_in, double *out, double *d_out) {
  *out = *in + 1;
  *d_out = 50 * *d_in;
}
void *__enzyme_register_derivative_store[] = {(void *)store, (void *)derivative_store};
double h(double x) {
  double y = 0;
  store(&x, &y);
  return y * y;
}

// Over a tape.
double sine(double x) { return sin(x); }
struct TapeAndValue { double tape, value; };
struct TapeAndValue augment_sine(double x) {
  struct TapeAndValue r = {cos(x), sin(x)};
  return r;
}
double split_sine(double x, double dx, double tape) { return 2 * tape * dx; }
void *__enzyme_register_splitderivative_sine[] = {(void *)sine, (void *)augment_sine, (void *)split_sine};

int main() {
  CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), 3 * 400 + 1);
  CHECK(__enzyme_fwddiff((void *)square, 2.0, 1.0), 400);
  struct Pair p = __enzyme_fwddiff_pair((void *)f, enzyme_primal_return, 2.0, 1.0);
  CHECK(p.value, 14);
  CHECK(p.tangent, 1201);
  CHECK(__enzyme_autodiff((void *)f, 2.0), 13);
  CHECK(__enzyme_fwddiff((void *)g, 2.0, 1.0, 3.0, 0.0), 2 * 12 * 10 * 3 * 2);
  CHECK(__enzyme_fwddiff((void *)g1, 2.0, 1.0), 60);
  CHECK(__enzyme_fwddiff((void *)g, enzyme_dup, 2.0, 1.0, enzyme_const, 3.0), 2 * 12 * 10 * 3 * 2);
  CHECK(__enzyme_fwddiff((void *)h, 2.0, 1.0), 2 * 3 * 50);
  struct Two two = __enzyme_fwddiff_two((void *)f, enzyme_width, 2, 2.0, 1.0, 10.0);
  CHECK(two.x, 1201);
  CHECK(two.y, 12010);
  CHECK(__enzyme_fwddiff((void *)sine, 2.0, 1.0), 2 * cos(2.0));
  CHECK_END();
}
