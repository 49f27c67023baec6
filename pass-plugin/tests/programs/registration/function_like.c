// What: a function of the user's has the derivative of one of the C library
// Covers: registration __enzyme_function_like; annotation enzyme_function_like
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
extern float __enzyme_autodiff_float(void *, ...);
extern double __enzyme_fwddiff(void *, ...);

// Their bodies say something else.
double my_sin(double x) { return 1 + x * 0; }
void *__enzyme_function_like_sin[2] = {(void *)my_sin, (void *)"sin"};
double f(double x) { return my_sin(x) * 2; }

double my_pow(double x, double y) { return exp(y * log(x)); }
void *__enzyme_function_like_pow[] = {(void *)my_pow, (void *)"pow"};
double g(double x) { return my_pow(x, 3.0) + my_pow(2.0, x); }

float my_log1pf(float x) { return logf(1 + x); }
void *__enzyme_function_like_log1p[] = {(void *)my_log1pf, (void *)"log1pf"};
float h(float x) { return my_log1pf(x) * x; }

__attribute__((annotate("enzyme_function_like=cos"))) double my_cos(double x) { return 7; }
double k(double x) { return my_cos(x); }

double my_floor(double x) { return x * x; }
void *__enzyme_function_like_floor[] = {(void *)my_floor, (void *)"floor"};
double l(double x) { return my_floor(x) * x; }

int main() {
  CHECK(__enzyme_autodiff((void *)f, 0.5), 2 * cos(0.5));
  CHECK(__enzyme_fwddiff((void *)f, 0.5, 1.0), 2 * cos(0.5));
  CHECK(__enzyme_autodiff((void *)my_sin, 0.5), cos(0.5));
  CHECK(__enzyme_autodiff((void *)g, 1.5), 3 * 1.5 * 1.5 + pow(2, 1.5) * log(2));
  CHECK_TOL(__enzyme_autodiff_float((void *)h, 1.5f), 1.5 / 2.5 + log(2.5), 1e-6);
  CHECK(__enzyme_autodiff((void *)k, 0.5), -sin(0.5));
  CHECK(__enzyme_fwddiff((void *)k, 0.5, 1.0), -sin(0.5));
  CHECK(__enzyme_autodiff((void *)l, 3.0), 9);
  CHECK_END();
}
