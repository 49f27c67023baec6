// What: heap memory that a variable keeps from one derivative to the next would bring the first one's shadow along: refused.
// Covers: error ActiveGlobal
// Error: "ER0014" "`work`"
#include <vector>

double __enzyme_autodiff(void *, ...);

std::vector<double> work;

double product(double x) {
  work.assign(2, x);
  work[1] *= x;
  return work[0] * work[1];
}

int main() { return __enzyme_autodiff((void *)product, 0.7) != 0; }
