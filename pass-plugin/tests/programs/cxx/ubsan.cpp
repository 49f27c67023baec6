// What: checks for undefined behaviour
// Covers: c++ -fsanitize=undefined
// Flags: -fsanitize=undefined -fsanitize-trap=undefined
#include "../cxx/derivative.h"
double f(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) { int k = i * 3 + n; s += x[i] * x[k % n] / (i + 1); } return s; }
struct V { virtual double e(double x) { return x * x; } virtual ~V() {} }; struct W : V { double e(double x) override { return sin(x); } };
double g(double x) { std::vector<double> v{x, x * x}; std::unique_ptr<V> p(new W), q(new V); return v[0] * v[1] + p->e(x) * q->e(x); }
int main() { dv(f, {0.3, -1.2, 2.2}); d1(g, 0.9); CHECK_END(); }
