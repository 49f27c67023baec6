// What: vectors of vectors: a matrix product, its trace, and rows that are built and moved.
// Covers: c++ std::vector of std::vector
#include "check.h"
#include "enzyme.h"
#include <utility>
#include <vector>

typedef std::vector<std::vector<double>> Matrix;

static Matrix multiply(const Matrix &a, const Matrix &b) {
  Matrix c(a.size(), std::vector<double>(b[0].size(), 0.0));
  for (size_t i = 0; i < a.size(); i++)
    for (size_t j = 0; j < b[0].size(); j++)
      for (size_t k = 0; k < b.size(); k++)
        c[i][j] += a[i][k] * b[k][j];
  return c;
}

static double trace_of_square(const double *x, int n) {
  Matrix a;
  for (int i = 0; i < n; i++) {
    std::vector<double> row;
    for (int j = 0; j < n; j++)
      row.push_back(x[i * n + j]);
    a.push_back(std::move(row));
  }
  Matrix c = multiply(a, a);
  double t = 0;
  for (int i = 0; i < n; i++)
    t += c[i][i];
  return t;
}

int main() {
  const int n = 3;
  double x[n * n], dx[n * n] = {};
  for (int i = 0; i < n * n; i++)
    x[i] = 0.3 * i - 1;
  __enzyme_autodiff<void>((void *)trace_of_square, enzyme_dup, x, dx, enzyme_const, n);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      CHECK(dx[i * n + j], 2 * x[j * n + i]);
  double t[n * n] = {};
  t[1] = 1;
  CHECK(__enzyme_fwddiff<double>((void *)trace_of_square, enzyme_dup, x, t, enzyme_const, n), 2 * x[3]);
  CHECK_END();
}
