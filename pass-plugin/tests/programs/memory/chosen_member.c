// What: a tree whose walks choose between two members (`less ? t->left : t->right`, one load at a chosen distance to LLVM), with counts and values beside them.
// Covers: memory pointers loaded from one of two members; memory trees
#include "agree.h"
#include <stdlib.h>

struct node {
  double key, value;
  long count;
  struct node *left, *right;
};

static struct node *find(struct node *t, double key) {
  while (t && t->key != key)
    t = key < t->key ? t->left : t->right;
  return t;
}

static struct node *insert(struct node *root, double key, double value) {
  struct node *made = calloc(1, sizeof *made);
  made->key = key;
  made->value = value;
  made->count = 1;
  if (!root)
    return made;
  for (struct node *t = root;;) {
    t->count++;
    struct node **next = key < t->key ? &t->left : &t->right;
    if (!*next) {
      *next = made;
      return root;
    }
    t = *next;
  }
}

static void drop(struct node *t) {
  if (t) {
    drop(t->left);
    drop(t->right);
    free(t);
  }
}

static double weighted(double *x, int n) {
  static const double keys[] = {3, 1, 4, 1.5, 9, 2, 6};
  struct node *root = 0;
  for (int i = 0; i < 7; i++)
    root = insert(root, keys[i], x[i % n] * (i + 1));
  double sum = 0;
  for (int i = 0; i < 7; i++) {
    struct node *found = find(root, keys[6 - i]);
    if (found)
      sum += found->value * found->value * found->count / (i + 1);
  }
  drop(root);
  return sum;
}

int main(void) {
  AGREE(weighted, 4, {0.31, 0.72, 1.13, 1.9});
  CHECK_END();
}
