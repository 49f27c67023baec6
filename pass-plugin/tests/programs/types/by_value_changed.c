// What: a callee changes its by-value struct; the caller goes on with its own.
// Covers: calls byval
#include "agree.h"
struct big { double *p; double s; int n; double t[3]; };
__attribute__((noinline)) static double use(struct big b) { double r = 0; b.s *= b.t[0]; for (int i = 0; i < b.n; i++) { b.t[i % 3] += b.p[i]; r += b.s * b.t[i % 3]; } b.n = 0; return r; }
static double f(double *x, int n) { struct big b = {x, x[0], n, {x[1], x[2], 1}}; double r = use(b) + use(b); b.s = r; r += use(b); return r + b.t[0] * b.s; }
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); CHECK_END(); }
