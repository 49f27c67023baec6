// What: structs by value with pointers and floats, returned and passed; noinline.
// Covers: types structs by value; calls structs by value
#include "agree.h"
#include <complex.h>
struct view { double *p; double s; int n; };
struct small { double *p; double s; };
struct big { double *p; double s; int n; double t[5]; };
__attribute__((noinline)) static struct view scale(struct view v, double s) { v.s *= s; v.p[0] *= s; return v; }
__attribute__((noinline)) static double eval(struct view v) { double r = 0; for (int i = 0; i < v.n; i++) r += v.s * v.p[i] * v.p[i]; return r; }
__attribute__((noinline)) static struct small mk(double *p, double s) { struct small r = {p, s * s}; return r; }
__attribute__((noinline)) static double ev(struct small v, int n) { double r = 0; for (int i = 0; i < n; i++) r += v.s * v.p[i]; return r; }
__attribute__((noinline)) static struct big mkb(double *p, int n) { struct big b; b.p = p; b.s = p[0]; b.n = n; for (int i = 0; i < 5; i++) b.t[i] = i * p[1]; return b; }
__attribute__((noinline)) static double evb(struct big b) { double r = 0; for (int i = 0; i < b.n; i++) r += b.s * b.p[i] * b.t[i]; return r; }
__attribute__((noinline)) static double complex cm(double complex a, double complex b) { return a * b + a; }
static double f(double *x, int n) { struct view v = {x, x[1], n}; v = scale(v, x[2]); return eval(v); }
static double g(double *x, int n) { return ev(mk(x, x[1]), n); }
static double h(double *x, int n) { return evb(mkb(x, n)); }
static double k(double *x, int n) { (void)n; double complex z = cm(x[0] + I * x[1], x[2] + I * x[3]); return creal(z) * cimag(z); }
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5}); AGREE(k, 4, {3, -1, 2, 0.5}); CHECK_END(); }
