// What: a direction for which there is neither a rule nor a body is refused
// Covers: error MissingBody
// Error: "ER0001" "only a gradient is registered for `f`" "__enzyme_register_derivative"
#include "../check.h"

extern double __enzyme_fwddiff(void *, ...);
double f(double x) __attribute__((weak));
double aug(double x) { return x; }
double grad(double x, double d) { return d; }
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)aug, (void *)grad};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_fwddiff((void *)g, 3.0, 1.0) != 12; }
