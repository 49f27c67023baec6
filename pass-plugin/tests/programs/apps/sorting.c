// What: sorting networks with fmin and fmax, insertion sort, bubble sort, quicksort and qsort on active data.
// Covers: function fmin; function fmax; calls recursion; function qsort
#include "check.h"
#include "enzyme.h"
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

static void exchange(double *a, double *b) {
  double low = fmin(*a, *b), high = fmax(*a, *b);
  *a = low;
  *b = high;
}
static void network(double *x, int n) {
  for (int round = 0; round < n; round++)
    for (int i = round & 1; i + 1 < n; i += 2)
      exchange(x + i, x + i + 1);
}
static void insertion(double *x, int n) {
  for (int i = 1; i < n; i++) {
    double v = x[i];
    int j = i;
    while (j > 0 && x[j - 1] > v) {
      x[j] = x[j - 1];
      j--;
    }
    x[j] = v;
  }
}
static void bubble(double *x, int n) {
  int swapped;
  do {
    swapped = 0;
    for (int i = 0; i + 1 < n; i++)
      if (x[i] > x[i + 1]) {
        double t = x[i];
        x[i] = x[i + 1];
        x[i + 1] = t;
        swapped = 1;
      }
  } while (swapped);
}
static void quick(double *x, int n) {
  if (n < 2)
    return;
  double pivot = x[n / 2];
  int i = 0, j = n - 1;
  for (;;) {
    while (x[i] < pivot)
      i++;
    while (x[j] > pivot)
      j--;
    if (i >= j)
      break;
    double t = x[i];
    x[i++] = x[j];
    x[j--] = t;
  }
  quick(x, i);
  quick(x + i, n - i);
}

static double ranked(double *x, int n, int how) {
  switch (how) {
  case 0:
    network(x, n);
    break;
  case 1:
    insertion(x, n);
    break;
  case 2:
    bubble(x, n);
    break;
  case 3:
    quick(x, n);
    break;
  }
  double s = 0;
  for (int i = 0; i < n; i++)
    s += (i + 1) * x[i] * x[i];
  return s;
}

int main(void) {
  const double start[7] = {3, -1, 0.5, 7, 2, -4, 1};
  const int rank[7] = {6, 2, 3, 7, 5, 1, 4};
  for (int how = 0; how < 4; how++) {
    double x[7], dx[7] = {0}, t[7] = {1, -1, 2, 0.5, 3, 1, 1}, sum = 0;
    for (int i = 0; i < 7; i++)
      x[i] = start[i];
    __enzyme_autodiff((void *)ranked, enzyme_dup, x, dx, enzyme_const, 7, enzyme_const, how);
    for (int i = 0; i < 7; i++) {
      CHECK(dx[i], 2 * rank[i] * start[i]);
      sum += dx[i] * t[i];
      x[i] = start[i];
    }
    CHECK(__enzyme_fwddiff((void *)ranked, enzyme_dup, x, t, enzyme_const, 7, enzyme_const, how), sum);
  }
  CHECK_END();
}
