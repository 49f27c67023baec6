// What: a gradient that takes a tape that nobody made is refused
// Covers: error BadRegistration
// Error: "ER0015" "returns no tape"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
double aug(double x) { return x; }
double grad(double x, double d, void *tape, void *more) { return d; }
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)aug, (void *)grad};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
