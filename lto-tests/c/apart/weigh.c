#include <math.h>

static double scale(double x) { return x * sin(x); }

__attribute__((noinline)) double weigh(double x, int weight) { return weight * scale(x); }
