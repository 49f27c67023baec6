// What: active numbers as variable arguments are refused.
// Covers: error UnsupportedInstruction
// Error: "variable number of arguments" "array"
#include <stdarg.h>
#include <stdio.h>
double __enzyme_autodiff(void *, ...);
static double vsum(int n, ...) { va_list ap; va_start(ap, n); double s = 0; for (int i = 0; i < n; i++) s += va_arg(ap, double); va_end(ap); return s; }
static double f(double x) { return vsum(2, x, x * x); }
int main(void) { printf("%f\n", __enzyme_autodiff((void *)f, 1.5)); return 0; }
