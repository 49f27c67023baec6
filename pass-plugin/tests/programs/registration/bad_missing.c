// What: a registration without its third function is refused
// Covers: error BadRegistration
// Error: "ER0015" "__enzyme_register_gradient_f" "gradient is missing"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
void *__enzyme_register_gradient_f[] = {(void *)f, (void *)f};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
