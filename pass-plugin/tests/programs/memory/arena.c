// What: a bump allocator from one malloc: ints, doubles, structs with pointers.
// Covers: memory arena
#include "agree.h"
#include <string.h>
struct arena { char *base, *at, *end; };
static void *take(struct arena *a, size_t n) { n = (n + 15) & ~(size_t)15; char *p = a->at; if (p + n > a->end) return 0; a->at += n; return p; }
struct node { double w; struct node *next; int id; };
static double f(double *x, int n) {
  struct arena a; a.base = a.at = malloc(4096); a.end = a.base + 4096;
  int *perm = take(&a, n * sizeof(int));
  for (int i = 0; i < n; i++) perm[i] = n - 1 - i;
  double *y = take(&a, n * sizeof(double));
  for (int i = 0; i < n; i++) y[i] = x[perm[i]] * x[perm[i]];
  struct node *head = 0;
  for (int i = 0; i < n; i++) { struct node *k = take(&a, sizeof *k); k->w = y[i]; k->id = i + 1; k->next = head; head = k; }
  double r = 0;
  for (struct node *k = head; k; k = k->next) r += k->id * k->w * k->w;
  free(a.base);
  return r;
}
int main(void) { AGREE(f, 4, {3, -1, 2, 0.5}); CHECK_END(); }
