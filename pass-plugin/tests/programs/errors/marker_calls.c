// What: marker calls that do not fit the function are refused, each with its place.
// Error: "marker_calls.c:17" "marker_calls.c:18" "marker_calls.c:19" "marker_calls.c:20" "marker_calls.c:21" "marker_calls.c:22" "marker_calls.c:23" "marker_calls.c:24"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
float __enzyme_autodiff_float(void *, ...);
double __enzyme_fwddiff(void *, ...);
double __enzyme_reverse(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_batch(void *, ...);
extern int enzyme_duplicate;

static double product(double x, double y) { return x * y; }
static void nothing(double *x) { *x = 0; }

/* Each in a function of its own: a refused call is a trap, and what comes after it is dead. */
double too_few(double x) { return __enzyme_autodiff((void *)product, x); }
double too_many(double x) { return __enzyme_autodiff((void *)product, x, x, x); }
double no_shadow(double x) { return __enzyme_autodiff((void *)product, enzyme_dup, x, enzyme_out, x); }
double variable_width(double x, int n) { return __enzyme_fwddiff((void *)product, enzyme_width, n, x, x, x, x); }
double no_result(double x) { return __enzyme_autodiff((void *)nothing, enzyme_primal_return, &x, &x); }
double no_seed(double x, void *tape) { return __enzyme_reverse((void *)product, x, enzyme_const, x, tape); }
double batch(double x) { return __enzyme_batch((void *)product, x, x); }
double no_such_marker(double x) { return __enzyme_autodiff((void *)product, enzyme_duplicate, x, x); }

int main(void) { return 0; }
