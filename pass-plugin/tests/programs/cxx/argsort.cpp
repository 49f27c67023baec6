// What: stable_sort of indices by values that the comparison captures: its merge takes more arguments than there are registers, and clang passes the comparison, a struct with an address, as a word.
// Covers: c++ std::stable_sort of indices; calls an address passed as a word
#include <algorithm>
#include <numeric>
#include <vector>
#include "agree.h"

static double ranked(double *x, int n) {
  std::vector<int> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return x[a] < x[b]; });
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += x[order[i]] * x[order[i]] * (i + 1);
  return sum;
}

struct place {
  double *at;
};

/* What the word leads to is read and written. */
__attribute__((noinline)) static void scale(long a, long b, long c, long d, long e, long f, place by) {
  for (long i = a; i < b; i++)
    by.at[i * c + d] *= by.at[e] + static_cast<double>(f);
}

static double scaled(double *x, int n) {
  double copy[8];
  for (int i = 0; i < n; i++)
    copy[i] = x[i] * x[i];
  scale(1, n, 1, 0, 0, 2, place{copy});
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += copy[i] * (i + 1);
  return sum;
}

int main() {
  AGREE(ranked, 8, {0.3, 1.2, 0.7, 0.1, 0.9, 1.1, 0.5, 0.2});
  AGREE(scaled, 5, {0.3, 1.2, 0.7, 0.1, 0.9});
  CHECK_END();
}
