// What: vectors as arguments by reference, with shadow vectors of the same size.
// Covers: c++ std::vector; marker enzyme_dup
#include "check.h"
#include "enzyme.h"
#include <algorithm>
#include <vector>

static double loss(const std::vector<double> &w, const std::vector<double> &x, std::vector<double> &out) {
  double sum = 0;
  for (size_t i = 0; i < w.size(); i++) {
    out[i] = std::tanh(w[i] * x[i]);
    sum += out[i] * out[i];
  }
  return sum;
}

static void scale(std::vector<double> &v, double s) {
  for (double &e : v)
    e *= s;
}

int main() {
  std::vector<double> w = {0.1, -0.4, 0.9}, x = {1, 2, -0.5}, out(3), dw(3), dx(3), dout(3);
  __enzyme_autodiff<void>((void *)loss, enzyme_dup, &w, &dw, enzyme_dup, &x, &dx, enzyme_dup, &out, &dout);
  for (int i = 0; i < 3; i++) {
    double t = tanh(w[i] * x[i]);
    CHECK(out[i], t);
    CHECK(dw[i], 2 * t * (1 - t * t) * x[i]);
    CHECK(dx[i], 2 * t * (1 - t * t) * w[i]);
    CHECK(dout[i], 0);
  }
  std::vector<double> v = {1, 2, 3}, dv = {1, 10, 100};
  double ds = __enzyme_autodiff<double>((void *)scale, enzyme_dup, &v, &dv, enzyme_out, 2.0);
  CHECK(ds, 321);
  CHECK(v[2], 6);
  CHECK(dv[0], 2);
  CHECK(dv[2], 200);
  CHECK_END();
}
