// What: a rule that takes other arguments than its function is refused
// Covers: error BadRegistration
// Error: "ER0015" "does not take its arguments" "the function takes: double"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
void aug(double *x) {}
void grad(double *x) {}
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)aug, (void *)grad};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
