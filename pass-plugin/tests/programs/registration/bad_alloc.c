// What: an allocator without the argument that is to be its size is refused
// Covers: error BadRegistration
// Error: "ER0015" "the allocator has no argument 7"
#include "../check.h"

extern double __enzyme_autodiff(void *, ...);
double f(double x) { return x * x; }
void *__enzyme_allocation_like_f[] = {(void *)malloc, (void *)7, (void *)"-1", (void *)free};
double g(double x) { return f(x) * 2; }

int main() { return __enzyme_autodiff((void *)g, 3.0) != 12; }
