// What: functions declared without a prototype, defined in the old style, called through pointers without one.
// Covers: calls without prototype
// Flags: -std=gnu17 -Wno-deprecated-non-prototype -Wno-strict-prototypes
#include "check.h"
#include "enzyme.h"
double __enzyme_autodiff();
double __enzyme_fwddiff();
double helper();
double pick();
void fill();
static double user(x, n) double x; int n; { return helper(x, n) * x + pick(x); }
static double user2(double x) { double a[3]; fill(a, 3, x); return a[0] + a[1] * a[2]; }
static double user3(double (*f)(), double x) { return f(x, 3); }
double helper(double x, int n) { return x * n; }
double pick(x) double x; { return x * x * x; }
void fill(double *a, int n, double x) { for (int i = 0; i < n; i++) a[i] = x * (i + 1); }
int main(void) {
  CHECK(__enzyme_autodiff(user, 1.5, 4), 2 * 4 * 1.5 + 3 * 2.25);
  CHECK(__enzyme_fwddiff(user, 1.5, 1.0, 4), 2 * 4 * 1.5 + 3 * 2.25);
  CHECK(__enzyme_autodiff(user2, 1.5), 1 + 12 * 1.5);
  CHECK(__enzyme_autodiff(user3, enzyme_const, helper, 1.5), 3);
  CHECK_END();
}
