// What: functions behind pointers write active data to variables
// Covers: c++ globals
#include "../cxx/derivative.h"
// A callee behind a pointer writes active data to a global.
static double g_state; double ext_state;
static void setA(double x) { g_state = x * x; } static void setB(double x) { g_state = 3 * x; }
static void (*volatile setter[2])(double) = {setA, setB};
double f(double x) { setter[0](x); double r = g_state; setter[1](x); return r * g_state; }
static double acc; static void add(double x) { acc += x; } static void (*volatile adder)(double) = add;
double g(double x) { acc = 0; for (int i = 0; i < 3; i++) adder(x * i); return acc * acc; }
int main() { d1(f, 1.3); d1(g, 0.7); CHECK_END(); }
