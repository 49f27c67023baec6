// What: linked lists and trees made inside and outside.
// Covers: memory linked lists; memory trees; calls recursion
#include "agree.h"
struct node { double v; struct node *next; };
struct tree { struct tree *l, *r; double key; int count; };
static struct tree *insert(struct tree *t, double k) { if (!t) { t = malloc(sizeof *t); t->l = t->r = 0; t->key = k; t->count = 1; return t; } if (k < t->key) t->l = insert(t->l, k); else t->r = insert(t->r, k); t->count++; return t; }
static double sum(struct tree *t, int depth) { return t ? t->key * t->key * depth + t->count + sum(t->l, depth + 1) + sum(t->r, depth + 1) : 0; }
static void drop(struct tree *t) { if (t) { drop(t->l); drop(t->r); free(t); } }
static double f(double *x, int n) {
  struct node *head = 0; double r = 0;
  for (int i = 0; i < n; i++) { struct node *k = malloc(sizeof *k); k->v = x[i] * x[i]; k->next = head; head = k; }
  int i = 1;
  for (struct node *k = head; k; k = k->next) r += i++ * k->v * k->v;
  while (head) { struct node *k = head->next; free(head); head = k; }
  return r;
}
static double g(double *x, int n) { struct tree *t = 0; for (int i = 0; i < n; i++) t = insert(t, x[i]); double r = sum(t, 1); drop(t); return r; }
static double total(struct node *l) { double r = 0; for (int i = 1; l; l = l->next, i++) r += i * l->v * l->v; return r; }
int main(void) {
  AGREE(f, 4, {3, -1, 2, 0.5}); AGREE(g, 5, {3, -1, 2, 0.5, 7});
  struct node a[3] = {{1, &a[1]}, {2, &a[2]}, {3, 0}}, d[3] = {{0, &d[1]}, {0, &d[2]}, {0, 0}};
  __enzyme_autodiff((void *)total, enzyme_dup, a, d);
  CHECK(d[0].v, 2); CHECK(d[1].v, 8); CHECK(d[2].v, 18);
  CHECK_END();
}
