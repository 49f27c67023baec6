// What: an allocator of the user's gets shadows from itself, and gives them back to its deallocator
// Covers: registration __enzyme_allocation_like; memory custom allocator
#include "../check.h"
#include <string.h>

extern double __enzyme_autodiff(void *, ...);
extern double __enzyme_fwddiff(void *, ...);
extern int enzyme_const;

static int live = 0, made = 0;
void *my_alloc(int kind, size_t bytes) {
  live++;
  made++;
  void *p = malloc(bytes + 16);
  memset(p, 0x55, bytes + 16);
  *(int *)p = kind;
  return (char *)p + 16;
}
void my_free(void *p, int kind) {
  p = (char *)p - 16;
  if (*(int *)p == kind)
    live--;
  free(p);
}
void *__enzyme_allocation_like_my[4] = {(void *)my_alloc, (void *)1, (void *)"-1,0", (void *)my_free};

double f(double x, int n) {
  double *p = (double *)my_alloc(3, sizeof(double) * n);
  for (int i = 0; i < n; i++)
    p[i] = x * (i + 1);
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += p[i] * p[i];
  my_free(p, 3);
  return sum;
}

int main() {
  CHECK(__enzyme_autodiff((void *)f, 2.0, 3), 2 * 2 * (1 + 4 + 9));
  CHECK(made, 2);
  CHECK(live, 0);
  CHECK(__enzyme_fwddiff((void *)f, 2.0, 1.0, 3), 2 * 2 * (1 + 4 + 9));
  CHECK(live, 0);
  CHECK_END();
}
