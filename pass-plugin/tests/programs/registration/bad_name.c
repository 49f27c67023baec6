// What: a function like none that is known is refused
// Covers: error BadRegistration
// Error: "ER0015" "no rule is known for a function `sine`"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
void *__enzyme_function_like_f[] = {(void *)f, (void *)"sine"};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
