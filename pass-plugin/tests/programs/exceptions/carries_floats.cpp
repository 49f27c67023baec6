// What: an exception that carries an active float to its handler is refused
// Covers: error float in an exception
// Error: "ER0013" "exception carries"
#include "check.h"

template <class R, class... A> R __enzyme_autodiff(void *, A...);

double thrower(double x) {
  if (x > 1)
    throw x * x;
  return x;
}

double f(double x) {
  try {
    return thrower(x);
  } catch (double d) {
    return d * 3;
  }
}

int main() {
  CHECK(__enzyme_autodiff<double>((void *)f, 2.0), 12.0);
  CHECK_END();
}
