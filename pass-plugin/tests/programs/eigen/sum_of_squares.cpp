// What: the squared norm of a matrix whose size is known at run time, by Eigen and by loops
// Covers: c++ Eigen
// Opt: O0 O1 O2 O3
// Flags: -I/usr/include/eigen3 -fno-exceptions
#include "check.h"

#include <Eigen/Dense>
using namespace Eigen;
extern int enzyme_out, enzyme_const, enzyme_dup;
template <class R, class... A> R __enzyme_autodiff(void *, A...);
double sumsq(const MatrixXd &A) { return A.squaredNorm(); }
double sumsq2(const MatrixXd &A) { double s = 0; for (int i = 0; i < A.rows(); i++) for (int j = 0; j < A.cols(); j++) s += A(i, j) * A(i, j); return s; }
int main() {
  MatrixXd A(3, 4), dA(3, 4);
  for (int i = 0; i < 12; i++) { A.data()[i] = i * 0.5 - 2; dA.data()[i] = 0; }
  __enzyme_autodiff<double>((void *)sumsq, enzyme_dup, &A, &dA);
  for (int i = 0; i < 12; i++) CHECK(dA.data()[i], 2 * A.data()[i]);
  dA.setZero();
  __enzyme_autodiff<double>((void *)sumsq2, enzyme_dup, &A, &dA);
  for (int i = 0; i < 12; i++) CHECK(dA.data()[i], 2 * A.data()[i]);
  CHECK_END();
}
