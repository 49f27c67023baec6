// What: a function registered as an inactive variable is refused
// Covers: error BadRegistration
// Error: "ER0015" "is no variable"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
void *__enzyme_inactive_global_f[] = {(void *)f};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
