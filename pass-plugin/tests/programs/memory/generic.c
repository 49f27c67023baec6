// What: a generic container with element sizes.
// Covers: memory generic containers; memory realloc
#include "agree.h"
#include <string.h>
struct gvec { void *data; size_t n, cap, size; };
static void gpush(struct gvec *v, const void *e) { if (v->n == v->cap) { v->cap = v->cap ? v->cap * 2 : 2; v->data = realloc(v->data, v->cap * v->size); } memcpy((char *)v->data + v->n++ * v->size, e, v->size); }
static void *gat(struct gvec *v, size_t i) { return (char *)v->data + i * v->size; }
static void gpop(struct gvec *v, void *e) { memcpy(e, (char *)v->data + --v->n * v->size, v->size); }
struct pt { double x; int k; double y; };
static double f(double *x, int n) { struct gvec v = {0, 0, 0, sizeof(double)}; for (int i = 0; i < n; i++) { double t = x[i] * x[i]; gpush(&v, &t); } double r = 0; for (int i = 0; i < n; i++) { double t; gpop(&v, &t); r += (i + 1) * t * t; } free(v.data); return r; }
static double g(double *x, int n) { struct gvec v = {0, 0, 0, sizeof(struct pt)}; for (int i = 0; i < n; i++) { struct pt t = {x[i], i, x[i] * x[i]}; gpush(&v, &t); } double r = 0; for (int i = 0; i < n; i++) { struct pt *t = gat(&v, i); r += t->k * t->x * t->y; } free(v.data); return r; }
int main(void) { AGREE(f, 5, {3, -1, 2, 0.5, 7}); AGREE(g, 5, {3, -1, 2, 0.5, 7}); CHECK_END(); }
