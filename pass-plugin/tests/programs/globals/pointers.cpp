// What: variables that hold pointers to variables, structs with floats, lists of variables
// Covers: c++ globals
#include "../cxx/derivative.h"
// Globals that hold pointers, and structs with floats.
struct P { double a; int n; double b[3]; }; static P params = {1, 2, {3, 4, 5}};
static double buf[4]; static double *ptr = buf; static double *ptrs[2] = {buf, buf + 2};
double f(double x) { params.a = x * x; params.b[1] = x; params.n = 3; return params.a * params.b[1] * params.n + params.b[2] * x; }
double g(double x) { ptr[0] = x * x; ptr[1] = x; return buf[0] * ptr[1]; }
double h(double x) { ptrs[0][1] = x; ptrs[1][1] = x * x; return buf[1] * buf[3]; }
struct L { double v; L *next; }; static L tail = {0, nullptr}, head = {0, &tail};
double k(double x) { head.v = x; head.next->v = x * x; double s = 1; for (L *l = &head; l; l = l->next) s *= l->v; return s; }
int main() { d1(f, 1.3); d1(g, 0.7); d1(h, 0.7); d1(k, 0.7); CHECK_END(); }
