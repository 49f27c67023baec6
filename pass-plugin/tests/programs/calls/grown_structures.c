// What: trees and lists that recursive functions build, read and free inside the differentiated function.
// Covers: calls recursion; memory malloc; memory linked structures
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

typedef struct node {
  double value;
  struct node *left, *right;
} node;

static node *grow(double value, int depth) {
  if (depth == 0)
    return NULL;
  node *n = (node *)malloc(sizeof(node));
  n->value = value * depth;
  n->left = grow(value * 0.5, depth - 1);
  n->right = grow(value + 1, depth - 1);
  return n;
}
static double sum(const node *n) { return n ? n->value * n->value + 0.5 * sum(n->left) + sum(n->right) : 0; }
static void fell(node *n) {
  if (n) {
    fell(n->left);
    fell(n->right);
    free(n);
  }
}
static double tree(double x) {
  node *n = grow(x, 4);
  double s = sum(n);
  fell(n);
  return s;
}
/* The sum by hand: values are a*x + b. */
static double slope(double a, double b, double x, int depth) {
  if (depth == 0)
    return 0;
  return 2 * (a * x + b) * a * depth * depth + 0.5 * slope(a / 2, b / 2, x, depth - 1) + slope(a, b + 1, x, depth - 1);
}

static node *count_down(double x, int n) {
  node *rest = n ? count_down(x, n - 1) : NULL;
  node *l = (node *)malloc(sizeof(node));
  l->value = rest ? rest->value * x : 1;
  l->left = rest;
  l->right = NULL;
  return l;
}
static double list(double x) {
  node *l = count_down(x, 5);
  double s = l->value;
  while (l) {
    node *next = l->left;
    free(l);
    l = next;
  }
  return s;
}

int main(void) {
  double x = 1.3;
  CHECK(__enzyme_autodiff((void *)tree, x), slope(1, 0, x, 4));
  CHECK(__enzyme_fwddiff((void *)tree, x, 1.0), slope(1, 0, x, 4));
  CHECK(__enzyme_autodiff((void *)list, x), 5 * pow(x, 4));
  CHECK(__enzyme_fwddiff((void *)list, x, 1.0), 5 * pow(x, 4));
  CHECK_END();
}
