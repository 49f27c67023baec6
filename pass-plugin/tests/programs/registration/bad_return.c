// What: a gradient that returns no derivative is refused
// Covers: error BadRegistration
// Error: "ER0015" "returns 0 bytes"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
double aug(double x) { return x; }
void grad(double x, double d) {}
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)aug, (void *)grad};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
