// What: linked lists and binary trees that the primal builds, walks, reverses and frees; trees given with a shadow tree.
// Covers: memory linked list; memory tree; calls recursion; memory malloc; memory free
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct node {
  double value;
  struct node *next;
};

static double powers(double x, int n) {
  struct node *list = NULL;
  for (int i = 0; i < n; i++) {
    struct node *fresh = malloc(sizeof *fresh);
    fresh->value = list ? list->value * x : x;
    fresh->next = list;
    list = fresh;
  }
  struct node *reversed = NULL;
  while (list) {
    struct node *next = list->next;
    list->next = reversed;
    reversed = list;
    list = next;
  }
  double s = 0, k = 1;
  for (struct node *p = reversed; p; p = p->next)
    s += k++ * p->value;
  while (reversed) {
    struct node *next = reversed->next;
    free(reversed);
    reversed = next;
  }
  return s;
}

struct tree {
  double key, weight;
  struct tree *left, *right;
};

static struct tree *insert(struct tree *t, double key, double weight) {
  if (!t) {
    t = calloc(1, sizeof *t);
    t->key = key;
    t->weight = weight;
  } else if (key < t->key)
    t->left = insert(t->left, key, weight);
  else
    t->right = insert(t->right, key, weight);
  return t;
}
static double in_order(const struct tree *t, double *rank) {
  if (!t)
    return 0;
  double s = in_order(t->left, rank);
  *rank += 1;
  s += *rank * t->weight * t->key;
  return s + in_order(t->right, rank);
}
static void release(struct tree *t) {
  if (t) {
    release(t->left);
    release(t->right);
    free(t);
  }
}

static double ordered(const double *keys, int n) {
  struct tree *t = NULL;
  for (int i = 0; i < n; i++)
    t = insert(t, keys[i], keys[i] * keys[i]);
  double rank = 0, s = in_order(t, &rank);
  release(t);
  return s;
}

int main(void) {
  double x = 1.1, want = 0;
  for (int i = 1; i <= 5; i++)
    want += i * i * pow(x, i - 1);
  CHECK(__enzyme_autodiff((void *)powers, enzyme_out, x, enzyme_const, 5), want);
  CHECK(__enzyme_fwddiff((void *)powers, enzyme_dup, x, 1.0, enzyme_const, 5), want);
  double keys[5] = {2, -1, 3, 0.5, 1}, d[5] = {0};
  const int rank[5] = {4, 1, 5, 2, 3};
  __enzyme_autodiff((void *)ordered, enzyme_dup, keys, d, enzyme_const, 5);
  for (int i = 0; i < 5; i++)
    CHECK(d[i], 3 * rank[i] * keys[i] * keys[i]);
  double t[5] = {1, 1, 1, 1, 1};
  CHECK(__enzyme_fwddiff((void *)ordered, enzyme_dup, keys, t, enzyme_const, 5), d[0] + d[1] + d[2] + d[3] + d[4]);
  struct tree a = {1, 2, NULL, NULL}, b = {3, 4, NULL, NULL}, root = {2, 5, &a, &b};
  struct tree da = {0}, db = {0}, droot = {0, 0, &da, &db};
  double zero = 0, dzero = 0;
  __enzyme_autodiff((void *)in_order, enzyme_dup, &root, &droot, enzyme_dup, &zero, &dzero);
  CHECK(da.key, 2);
  CHECK(droot.key, 10);
  CHECK(db.weight, 9);
  CHECK(droot.weight, 4);
  CHECK_END();
}
