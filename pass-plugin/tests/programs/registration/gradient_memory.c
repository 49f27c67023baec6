// What: a registered gradient on pointers replaces the body, with and without a tape, also where the call would be inlined
// Covers: registration __enzyme_register_gradient; entry __enzyme_autodiff; calls custom gradient
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern int enzyme_dup;

// The rules are off by a factor on purpose: only so shows that they are used.
static int augmented_calls = 0, gradient_calls = 0;

void square(const double *in, double *out) { *out = *in * *in; }
void *augment_square(const double *in, const double *d_in, double *out, double *d_out) {
  augmented_calls++;
  *out = *in * *in;
  return NULL;
}
void gradient_square(const double *in, double *d_in, const double *out, double *d_out, void *tape) {
  gradient_calls++;
  *d_in += 10 * 2 * *in * *d_out;
  *d_out = 0;
}
void *__enzyme_register_gradient_square[] = {(void *)square, (void *)augment_square, (void *)gradient_square};

double f(double x) {
  double y;
  square(&x, &y);
  return 3 * y;
}

// With a tape that the rule allocates and frees, and a static function.
static void cube(double *x, int n) {
  for (int i = 0; i < n; i++)
    x[i] = x[i] * x[i] * x[i];
}
double *augment_cube(double *x, double *dx, int n) {
  double *tape = (double *)malloc(sizeof(double) * n);
  for (int i = 0; i < n; i++) {
    tape[i] = x[i];
    x[i] = x[i] * x[i] * x[i];
  }
  return tape;
}
void gradient_cube(double *x, double *dx, int n, double *tape) {
  for (int i = 0; i < n; i++)
    dx[i] *= 7 * 3 * tape[i] * tape[i];
  free(tape);
}
void *__enzyme_register_gradient_cube[] = {(void *)cube, (void *)augment_cube, (void *)gradient_cube};

double g(double *x, int n) {
  for (int k = 0; k < 2; k++)
    cube(x, n);
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[i];
  return sum;
}

// No tape at all: the augmented function returns nothing.
__attribute__((noinline)) void twice(double *x) { *x *= 2; }
void augment_twice(double *x, double *dx) { *x *= 2; }
void gradient_twice(double *x, double *dx) { *dx *= 200; }
void *__enzyme_register_gradient_twice[3] = {(void *)twice, (void *)augment_twice, (void *)gradient_twice};

double h(double x) {
  for (int i = 0; i < 3; i++)
    twice(&x);
  return x;
}

int main() {
  CHECK(__enzyme_autodiff((void *)f, 4.0), 3 * 10 * 2 * 4.0);
  CHECK(augmented_calls, 1);
  CHECK(gradient_calls, 1);
  CHECK(f(4.0), 48);
  double x[2] = {1.5, -1.25}, dx[2] = {0, 0};
  __enzyme_autodiff((void *)g, enzyme_dup, x, dx, 2);
  for (int i = 0; i < 2; i++) {
    double x0 = i == 0 ? 1.5 : -1.25;
    CHECK(x[i], pow(x0, 9));
    CHECK(dx[i], 21 * pow(x0, 6) * 21 * x0 * x0);
  }
  CHECK(__enzyme_autodiff((void *)h, 4.0), 8e6);
  // The registered function itself.
  double y = 2, dy = 0, z = 0, dz = 1;
  __enzyme_autodiff((void *)square, enzyme_dup, &y, &dy, enzyme_dup, &z, &dz);
  CHECK(z, 4);
  CHECK(dy, 40);
  CHECK_END();
}
