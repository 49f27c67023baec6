// What: the bytes of floats appended to a string: characters carry no derivative, which would be lost without a word
// Covers: refusal floats among the characters of a string
// Error: "ER0007" "floats among the characters of a string"
#include "check.h"
#include "enzyme.h"
#include <cstring>
#include <string>
extern "C" void __enzyme_autodiff(void *, ...);

static double packed(double *x, int n) {
  std::string b;
  for (int i = 0; i < n; i++) {
    double v = x[i] * x[i];
    b.append((const char *)&v, sizeof v);
  }
  double s = 0;
  for (int i = 0; i < n; i++) {
    double v;
    memcpy(&v, b.data() + 8 * i, sizeof v);
    s += v * (i + 1);
  }
  return s;
}

int main() {
  double x[2] = {3, 5}, dx[2] = {0};
  __enzyme_autodiff((void *)packed, enzyme_dup, x, dx, enzyme_const, 2);
  CHECK(dx[0], 6.0);
  CHECK_END();
}
