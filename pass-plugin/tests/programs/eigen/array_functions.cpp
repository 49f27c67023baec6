// What: exp, sin, log and tanh of whole arrays, with Eigen's own vectorised arithmetic
// Covers: c++ Eigen
// Opt: O0 O2
// Flags: -I/usr/include/eigen3
#include "agree.h"

double arrays(const MatrixXd &A, const VectorXd &b) {
  return (A.array().exp() * 2.0).sum() + b.array().sin().square().sum() + (A.array() * A.array()).mean() +
         b.array().max(0.5).sum() + b.array().abs().log().sum();
}

int main() {
  MatrixXd A(4, 4);
  VectorXd b(4);
  fill(A, 0.3);
  fill(b, 2.0);
  agree<MatrixXd, VectorXd>(arrays, A, b);
  CHECK_END();
}
