// What: registered gradients of functions on values: {tape, primal}, several derivatives in a struct, floats, ints
// Covers: registration __enzyme_register_gradient; entry __enzyme_autodiff; entry __enzyme_fwddiff; calls custom gradient
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
struct Two { double x, y; };
extern struct Two __enzyme_autodiff_two(void *, ...);

// A tape and the primal.
double power(double x, int n) {
  double r = 1;
  for (int i = 0; i < n; i++)
    r *= x;
  return r;
}
struct TapeAndValue { void *tape; double value; };
struct TapeAndValue augment_power(double x, int n) {
  struct TapeAndValue r;
  double *tape = (double *)malloc(sizeof(double));
  *tape = power(x, n - 1);
  r.tape = tape;
  r.value = *tape * x;
  return r;
}
double gradient_power(double x, int n, double d, void *tape) {
  double r = 100 * d * n * *(double *)tape;
  free(tape);
  return r;
}
void *__enzyme_register_gradient_power[] = {(void *)power, (void *)augment_power, (void *)gradient_power};

double f(double x) { return 2 * power(x, 3) + x; }
double loop(double x) {
  for (int i = 0; i < 3; i++)
    x = power(x, 2) * 0.5;
  return x;
}

// A number as tape, two derivatives.
double product(double a, double b) { return a * b; }
struct NumberAndValue { double tape, value; };
struct NumberAndValue augment_product(double a, double b) {
  struct NumberAndValue r = {a + b, a * b};
  return r;
}
struct Two gradient_product(double a, double b, double d, double tape) {
  struct Two r = {d * tape, d * 1000};
  return r;
}
void *__enzyme_register_gradient_product[] = {(void *)product, (void *)augment_product, (void *)gradient_product};
double g(double a, double b) { return product(a, b) * 3; }
double g1(double a) { return product(a, 5.0); }

// Only the primal, no tape; single precision.
float twice(float x) { return x + x; }
float augment_twice(float x) { return x + x; }
float gradient_twice(float x, float d) { return 42 * d; }
void *__enzyme_register_gradient_twice[] = {(void *)twice, (void *)augment_twice, (void *)gradient_twice};
extern float __enzyme_autodiff_float(void *, ...);
float t(float x) { return twice(x) * x; }

// Three derivatives come back through memory; a tape only, the value from the function itself.
struct Three { double a, b, c; };
double sum3(double a, double b, double c) { return a + b * c; }
void *augment_sum3(double a, double b, double c) { return (void *)0; }
struct Three gradient_sum3(double a, double b, double c, double d, void *tape) {
  struct Three r = {d, 10 * c * d, 20 * b * d};
  return r;
}
void *__enzyme_register_gradient_sum3[] = {(void *)sum3, (void *)augment_sum3, (void *)gradient_sum3};
extern struct Three __enzyme_autodiff_three(void *, ...);
double s(double a, double b, double c) { return sum3(a, b, c) * sum3(a, b, c); }

// A function that returns its argument: LLVM knows that, and yet the rule counts.
__attribute__((noinline)) double identity(double x) { return x; }
double augment_identity(double x) { return x; }
double gradient_identity(double x, double d) { return -d; }
void *__enzyme_register_gradient_identity[] = {(void *)identity, (void *)augment_identity, (void *)gradient_identity};
double through(double x) { return identity(x) * 3; }
static double constant(double x) { return 5; }
static double augment_constant(double x) { return 5; }
static double gradient_constant(double x, double d) { return 11 * d; }
void *__enzyme_register_gradient_constant[] = {(void *)constant, (void *)augment_constant, (void *)gradient_constant};
double of_constant(double x) { return constant(x) * 3; }

int main() {
  CHECK(__enzyme_autodiff((void *)f, 2.0), 2 * 300 * 4.0 + 1);
  CHECK(__enzyme_autodiff((void *)power, 2.0, 3), 300 * 4.0);
  double x1 = 1.5 * 1.5 * 0.5, x2 = x1 * x1 * 0.5;
  CHECK(__enzyme_autodiff((void *)loop, 1.5), (100 * 1.5) * (100 * x1) * (100 * x2));
  // Without a forward rule, the body.
  CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0), 2 * 3 * 4.0 + 1);
  struct Two two = __enzyme_autodiff_two((void *)g, 2.0, 7.0);
  CHECK(two.x, 27);
  CHECK(two.y, 3000);
  CHECK(__enzyme_autodiff((void *)g1, 2.0), 7);
  CHECK_TOL(__enzyme_autodiff_float((void *)t, 3.0f), 42 * 3 + 6, 1e-6);
  struct Three three = __enzyme_autodiff_three((void *)s, 1.0, 2.0, 3.0);
  CHECK(three.a, 2 * 7.0);
  CHECK(three.b, 2 * 7.0 * 30);
  CHECK(three.c, 2 * 7.0 * 40);
  CHECK(s(1, 2, 3), 49);
  CHECK(__enzyme_autodiff((void *)through, 2.0), -3);
  CHECK(__enzyme_autodiff((void *)of_constant, 2.0), 33);
  CHECK_END();
}
