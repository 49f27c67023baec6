// What: a misspelt byref is refused
// Covers: error BadRegistration
// Error: "ER0015" "is not of the form"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
double aug(double x) { return x; }
double grad(double x, double d) { return d; }
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)aug, (void *)grad, (void *)"by_ref_1"};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
