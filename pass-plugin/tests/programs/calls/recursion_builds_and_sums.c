// What: recursion: trees and lists built and summed, mutual recursion, through pointers, deep, with structs; own printf-like functions.
// Covers: calls recursion; calls varargs; calls sret; calls byval
#include "check.h"
#include "enzyme.h"
#include <stdarg.h>
#include <string.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
typedef struct node { double v; struct node *l, *r; } node;
static node *build(const double *x, int lo, int hi) {
  if (lo >= hi) return 0;
  int mid = (lo + hi) / 2;
  node *n = (node *)malloc(sizeof *n);
  n->v = x[mid] * x[mid];
  n->l = build(x, lo, mid);
  n->r = build(x, mid + 1, hi);
  return n;
}
static double sum_tree(const node *n, int depth) { return n ? n->v * depth + sum_tree(n->l, depth + 1) + sum_tree(n->r, depth + 1) : 0; }
static void free_tree(node *n) { if (n) { free_tree(n->l); free_tree(n->r); free(n); } }
static double tree(const double *x, int n) { node *t = build(x, 0, n); double s = sum_tree(t, 1); free_tree(t); return s; }

typedef struct cell { double v; struct cell *next; } cell;
static cell *cons(double v, cell *next) { cell *c = (cell *)malloc(sizeof *c); c->v = v; c->next = next; return c; }
static cell *list(double x, int n) { return n ? cons(x * n, list(x, n - 1)) : 0; }
static double product(const cell *c) { return c ? c->v * product(c->next) : 1; }
static cell *map(double (*f)(double), const cell *c) { return c ? cons(f(c->v), map(f, c->next)) : 0; }
static void drop(cell *c) { while (c) { cell *n = c->next; free(c); c = n; } }
static double sq(double x) { return x * x; }
static double lists(double x, int n) { cell *c = list(x, n); cell *d = map(sq, c); double r = product(d); drop(c); drop(d); return r; }

static double even(double x, int n); 
static double odd(double x, int n) { return n == 0 ? x : 2 * even(x, n - 1); }
static double even(double x, int n) { return n == 0 ? x * x : x + odd(x, n - 1); }
typedef double (*rec)(double, int, void *);
static double step_a(double x, int n, void *f) { return n == 0 ? x : x * ((rec *)f)[1](x, n - 1, f); }
static double step_b(double x, int n, void *f) { return n == 0 ? 1 : x + ((rec *)f)[0](x, n - 1, f); }
static double through(double x, int n) { rec f[2] = {step_a, step_b}; return f[0](x, n, f); }
static double deep(double x, int n) { return n == 0 ? x : 1.0001 * deep(x, n - 1); }
static double fib(double x, int n) { return n < 2 ? x : fib(x, n - 1) * 0.5 + fib(x, n - 2) * x; }
static double ackermann_like(double x, int m, int n) { if (m == 0) return x + n; if (n == 0) return ackermann_like(x, m - 1, 1); return x * ackermann_like(x * 0.9, m - 1, n - 1); }
static double quad(double (*f)(double), double a, double b, double fa, double fb, int depth) {
  double m = (a + b) / 2, fm = f(m);
  double whole = (fa + fb) * (b - a) / 2, halves = (fa + 2 * fm + fb) * (b - a) / 4;
  if (depth == 0 || fabs(whole - halves) < 1e-7) return halves;
  return quad(f, a, m, fa, fm, depth - 1) + quad(f, m, b, fm, fb, depth - 1);
}
static double integral(double b) { return quad(sq, 0, b, 0, b * b, 12); }
static double vsum(int n, ...) { va_list ap; va_start(ap, n); double s = 0; for (int i = 0; i < n; i++) s += va_arg(ap, double); va_end(ap); return s; }
static int count; 
static void log_it(const char *fmt, ...) { va_list ap; va_start(ap, fmt); if (fmt[0] == '!') vprintf(fmt, ap); va_end(ap); count++; }
static double logged(double x) { log_it("%f\n", 3.0); log_it("%d %s", 3, "x"); return x * x; }
struct pair { double a, b; };
struct big { double a, b, c; int n; };
static struct pair mk(double x) { struct pair p = {x, x * x}; return p; }
static struct big mkbig(double x, int n) { struct big p = {x, x * x, x * x * x, n}; return p; }
static double usebig(struct big b) { b.a *= 2; return b.a + b.b * b.c * b.n; }
static double structs(double x) { struct pair p = mk(x); struct big b = mkbig(p.b, 2); double r = usebig(b); return r + b.a + p.a; }
static double hanoi(double *a, double *b, double *c, int n) { if (n == 0) return 0; double r = hanoi(a, c, b, n - 1); *b += *a * 0.5; return r + *b + hanoi(c, b, a, n - 1); }
int main(void) {
  double x[7] = {1, 2, 3, 4, 5, 6, 7}, d[7] = {0};
  __enzyme_autodiff((void *)tree, enzyme_dup, x, d, enzyme_const, 7);
  double depth[7] = {3, 2, 3, 1, 3, 2, 3};
  for (int i = 0; i < 7; i++) CHECK(d[i], 2 * x[i] * depth[i]);
  double t[7] = {1, 1, 1, 1, 1, 1, 1}, s = 0;
  for (int i = 0; i < 7; i++) s += 2 * x[i] * depth[i];
  CHECK(__enzyme_fwddiff((void *)tree, enzyme_dup, x, t, enzyme_const, 7), s);
  CHECK(__enzyme_autodiff((void *)lists, enzyme_out, 1.2, enzyme_const, 4), 8 * pow(1.2, 7) * 576);
  CHECK(__enzyme_fwddiff((void *)lists, enzyme_dup, 1.2, 1.0, enzyme_const, 4), 8 * pow(1.2, 7) * 576);
  CHECK(__enzyme_autodiff((void *)even, enzyme_out, 1.2, enzyme_const, 4), 1 + 2 * (1 + 2 * 2 * 1.2));
  CHECK(__enzyme_autodiff((void *)through, enzyme_out, 1.2, enzyme_const, 3), 4 * 1.2);
  CHECK(__enzyme_fwddiff((void *)through, enzyme_dup, 1.2, 1.0, enzyme_const, 3), 4 * 1.2);
  CHECK(__enzyme_autodiff((void *)deep, enzyme_out, 1.2, enzyme_const, 5000), pow(1.0001, 5000));
  CHECK(__enzyme_autodiff((void *)fib, enzyme_out, 1.2, enzyme_const, 10), __enzyme_fwddiff((void *)fib, enzyme_dup, 1.2, 1.0, enzyme_const, 10));
  CHECK(__enzyme_autodiff((void *)ackermann_like, enzyme_out, 1.2, enzyme_const, 3, 5), __enzyme_fwddiff((void *)ackermann_like, enzyme_dup, 1.2, 1.0, enzyme_const, 3, 5));
  CHECK_TOL(__enzyme_autodiff((void *)integral, 1.5), 2.25, 1e-4);
  CHECK(__enzyme_autodiff((void *)logged, 1.5), 3);
  double y = 1.1;
  CHECK(__enzyme_autodiff((void *)structs, y), 1 + 2 * 2 * y + 2 * 10 * pow(y, 9) + 2 * y);
  CHECK(__enzyme_fwddiff((void *)structs, y, 1.0), 1 + 2 * 2 * y + 2 * 10 * pow(y, 9) + 2 * y);
  double a = 1, b = 2, c = 3, da = 0, db = 0, dc = 0;
  __enzyme_autodiff((void *)hanoi, enzyme_dup, &a, &da, enzyme_dup, &b, &db, enzyme_dup, &c, &dc, enzyme_const, 4);
  a = 1, b = 2, c = 3; double ta = 1, tb = 0, tc = 0;
  CHECK(da, __enzyme_fwddiff((void *)hanoi, enzyme_dup, &a, &ta, enzyme_dup, &b, &tb, enzyme_dup, &c, &tc, enzyme_const, 4));
  CHECK_END();
}
