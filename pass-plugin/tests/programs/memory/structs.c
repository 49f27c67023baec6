// What: arrays of structs of mixed fields: assignment, memcpy, memset, memmove, packed, bitfields, flexible arrays.
// Covers: memory struct assignment; memory flexible array member; memory packed structs; memory bitfields
#include "agree.h"
#include <string.h>
struct p { double x; int id; double w; char tag; double y[3]; };
struct __attribute__((packed)) q { char c; double x; short s; double y; };
struct b { unsigned a : 3, b : 7; double x; unsigned c : 1; float y; };
struct fl { int n; double a[]; };
static double f(double *x, int n) {
  struct p a[8], b[8]; memset(a, 0, sizeof a);
  for (int i = 0; i < n; i++) { a[i].x = x[i]; a[i].id = i; a[i].w = 2; a[i].tag = 'c'; for (int j = 0; j < 3; j++) a[i].y[j] = j * x[i] * x[i]; }
  memcpy(b, a, n * sizeof *a);
  memmove(b + 1, b, (n - 1) * sizeof *b);
  struct p t = b[1]; b[1] = b[2]; b[2] = t;
  double r = 0;
  for (int i = 0; i < n; i++) r += b[i].x * b[i].y[1] + b[i].w * b[i].y[2] + b[i].id;
  return r;
}
static double g(double *x, int n) {
  struct q a[8], b[8];
  for (int i = 0; i < n; i++) { a[i].c = 1; a[i].x = x[i] * x[i]; a[i].s = (short)i; a[i].y = x[i]; }
  for (int i = 0; i < n; i++) b[n - 1 - i] = a[i];
  double r = 0;
  for (int i = 0; i < n; i++) r += b[i].c * b[i].x * b[i].y + b[i].s * b[i].x;
  return r;
}
static double h(double *x, int n) {
  struct b a[8], c[8];
  for (int i = 0; i < n; i++) { a[i].a = i; a[i].b = 3 * i; a[i].x = x[i] * x[i]; a[i].c = i & 1; a[i].y = 2.0f; }
  for (int i = 0; i < n; i++) c[n - 1 - i] = a[i];
  double r = 0;
  for (int i = 0; i < n; i++) r += c[i].a * c[i].x + c[i].b * c[i].x * c[i].x + c[i].c * x[i] + c[i].y;
  return r;
}
static double k(double *x, int n) {
  struct fl *a = malloc(sizeof *a + n * sizeof(double)), *b = malloc(sizeof *a + n * sizeof(double));
  a->n = n; for (int i = 0; i < n; i++) a->a[i] = x[i] * x[i];
  memcpy(b, a, sizeof *a + n * sizeof(double));
  double r = 0;
  for (int i = 0; i < b->n; i++) r += b->a[i] * b->a[i];
  free(a); free(b);
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 4, {3, -1, 2, 0.5}); AGREE(h, 4, {3, -1, 2, 0.5}); AGREE(k, 4, {3, -1, 2, 0.5}); CHECK_END(); }
