// What: printing with iostreams and printf inside the primal, std::string that steers the computation.
// Covers: c++ std::ostream; c++ std::string
#include "check.h"
#include "enzyme.h"
#include <iostream>
#include <sstream>
#include <string>

static double noisy(double x) {
  double y = x * x;
  std::cout << "x is " << x << ", y is " << y << std::endl;
  std::cerr << "step\n";
  printf("%g\n", y);
  return y * x;
}

static double steered(double x, const char *program) {
  std::string text(program);
  text += "s";
  for (char c : text) {
    if (c == 's')
      x = std::sin(x);
    else if (c == 'd')
      x = 2 * x;
  }
  return text.size() * x;
}

int main() {
  CHECK(__enzyme_autodiff<double>((void *)noisy, enzyme_out, 2.0), 12);
  CHECK(__enzyme_fwddiff<double>((void *)noisy, enzyme_dup, 2.0, 1.0), 12);
  double x = 0.3, d = __enzyme_autodiff<double>((void *)steered, enzyme_out, x, enzyme_const, "dd");
  CHECK(d, 3 * cos(4 * x) * 4);
  CHECK_END();
}
