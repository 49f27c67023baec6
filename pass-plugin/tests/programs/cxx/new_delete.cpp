// What: new and delete of scalars, arrays, structs with constructors; nothrow new; memory that outlives a helper.
// Covers: memory operator new; memory operator delete; function operator new[]
#include "check.h"
#include "enzyme.h"
#include <new>

struct Layer {
  int n;
  double *w, bias;
  Layer(int n, double b) : n(n), w(new double[n]), bias(b) {}
  ~Layer() { delete[] w; }
  double operator()(const double *x) const {
    double s = bias;
    for (int i = 0; i < n; i++)
      s += w[i] * x[i];
    return std::tanh(s);
  }
};

static double network(const double *x, const double *w, int n) {
  Layer *first = new Layer(n, 0.25);
  for (int i = 0; i < n; i++)
    first->w[i] = w[i] * w[i];
  double *out = new (std::nothrow) double((*first)(x));
  delete first;
  double r = *out * *out;
  delete out;
  return r;
}

static Layer *make(double v) {
  Layer *l = new Layer(2, v);
  l->w[0] = v;
  l->w[1] = 2 * v;
  return l;
}

static double outlives(double v) {
  Layer *l = make(v);
  double r = l->w[0] * l->w[1] * l->bias;
  delete l;
  return r;
}

int main() {
  double x[3] = {1, 0.5, -2}, w[3] = {0.3, -0.2, 0.4}, dx[3] = {}, dw[3] = {};
  __enzyme_autodiff<void>((void *)network, enzyme_dup, x, dx, enzyme_dup, w, dw, enzyme_const, 3);
  double s = 0.25;
  for (int i = 0; i < 3; i++)
    s += w[i] * w[i] * x[i];
  double t = tanh(s), k = 2 * t * (1 - t * t);
  for (int i = 0; i < 3; i++) {
    CHECK(dx[i], k * w[i] * w[i]);
    CHECK(dw[i], k * 2 * w[i] * x[i]);
  }
  CHECK(__enzyme_autodiff<double>((void *)outlives, enzyme_out, 1.3), 6 * 1.3 * 1.3);
  CHECK_END();
}
