// What: std::map whose values are vectors: grown through operator[], read in order.
// Covers: c++ std::map of vectors
#include "agree.h"
#include <map>
#include <vector>

static double grouped(double *x, int n) {
  std::map<int, std::vector<double>> groups;
  for (int i = 0; i < n; i++)
    groups[i % 2].push_back(x[i] * x[i]);
  double sum = 0;
  for (auto &[key, group] : groups)
    for (double value : group)
      sum += (key + 1) * value * value;
  return sum;
}

int main() {
  AGREE(grouped, 4, {0.31, 0.72, 1.13, 1.9});
  CHECK_END();
}
