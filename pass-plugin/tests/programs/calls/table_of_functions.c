// What: arrays of function pointers: constant, mutable, local, of many entries, indexed by data.
// Covers: calls function pointer table; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

typedef double (*fn)(double, double);
static double f0(double x, double y) { return x + y; }
static double f1(double x, double y) { return x - y; }
static double f2(double x, double y) { return x * y; }
static double f3(double x, double y) { return x / y; }
static double f4(double x, double y) { return x * x * y; }
static double f5(double x, double y) { return sin(x) * y; }
static double f6(double x, double y) { return exp(x) + y; }
static double f7(double x, double y) { return x; }
static double f8(double x, double y) { return y * 3; }
static double f9(double x, double y) { return pow(x, y); }
static double f10(double x, double y) { return sqrt(x * y); }
static double f11(double x, double y) { return fmax(x, y); }

static const fn table[] = {f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11};
static fn mutable_table[3] = {f0, f1, f2};

static double constant_index(double x) { return table[4](x, 2.0); }
static double run(int op, double x, double y) { return table[op](x, y); }
static double run_mutable(int op, double x, double y) { return mutable_table[op](x, y); }
static double program(const int *ops, int n, double x, double y) {
  double acc = x;
  for (int i = 0; i < n; i++)
    acc = table[ops[i]](acc, y);
  return acc;
}
static double local_table(int op, double x) {
  fn ops[3] = {f2, f4, f9};
  return ops[op](x, x);
}
static double over_array(double (**fs)(double, double), const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += fs[i](x[i], 2.0);
  return sum;
}

int main(int argc, char **argv) {
  (void)argv;
  double x = 1.3, y = 2.5;
  CHECK(__enzyme_autodiff((void *)constant_index, x), 4 * x);
  double want[12] = {1, 1, y, 1 / y, 2 * x * y, cos(x) * y, exp(x), 1, 0, y * pow(x, y - 1), 0.5 * sqrt(y / x), 0};
  for (int i = 0; i < 12; i++) {
    CHECK(__enzyme_autodiff((void *)run, enzyme_const, i, enzyme_out, x, enzyme_const, y), want[i]);
    CHECK(__enzyme_fwddiff((void *)run, enzyme_const, i, enzyme_dup, x, 1.0, enzyme_const, y), want[i]);
  }
  for (int i = 0; i < 3; i++)
    CHECK(__enzyme_autodiff((void *)run_mutable, enzyme_const, i, enzyme_out, x, enzyme_const, y), want[i]);
  mutable_table[argc] = f4;
  CHECK(__enzyme_autodiff((void *)run_mutable, enzyme_const, argc, enzyme_out, x, enzyme_const, y), 2 * x * y);
  int ops[5] = {2, 0, 4, 5, 2};
  double t = x * y, u = t + y, v = u * u * y;
  double d = cos(v) * y * y * 2 * u * y * y;
  CHECK(__enzyme_autodiff((void *)program, enzyme_const, ops, 5, enzyme_out, x, enzyme_const, y), d);
  CHECK(__enzyme_fwddiff((void *)program, enzyme_const, ops, 5, enzyme_dup, x, 1.0, enzyme_const, y), d);
  CHECK(__enzyme_autodiff((void *)local_table, enzyme_const, 1, enzyme_out, x), 3 * x * x);
  fn fs[3] = {f2, f4, f5};
  double p[3] = {1, 2, 3}, dp[3] = {0, 0, 0};
  __enzyme_autodiff((void *)over_array, enzyme_const, fs, enzyme_dup, p, dp, enzyme_const, 3);
  CHECK(dp[0], 2);
  CHECK(dp[1], 8);
  CHECK(dp[2], 2 * cos(3));
  CHECK_END();
}
