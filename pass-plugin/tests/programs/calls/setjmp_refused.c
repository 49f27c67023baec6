// What: setjmp in a differentiated function is refused.
// Covers: error ControlFlow
// Error: "setjmp"
#include <setjmp.h>
#include <stdio.h>
double __enzyme_autodiff(void *, ...);
static jmp_buf env;
static double inner(double x) { if (x < 0) longjmp(env, 1); return x * x; }
static double f(double x) { volatile double r = 1; if (setjmp(env)) return x; r = inner(x); return r * 2; }
int main(void) { printf("%f\n", __enzyme_autodiff((void *)f, 1.5)); return 0; }
