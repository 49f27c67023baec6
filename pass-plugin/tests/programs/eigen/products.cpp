// What: products of matrices and vectors of dynamic size
// Covers: c++ Eigen
// Opt: O0 O2
// Flags: -I/usr/include/eigen3 -fno-exceptions
#include "check.h"

#include <Eigen/Dense>
using namespace Eigen;
extern int enzyme_out, enzyme_const, enzyme_dup;
template <class R, class... A> R __enzyme_autodiff(void *, A...);
double matvec(const MatrixXd &A, const VectorXd &x) { return (A * x).squaredNorm(); }
double matmat(const MatrixXd &A, const MatrixXd &B) { MatrixXd C = A * B; return C.sum(); }
int main() {
  MatrixXd A(3, 4), dA(3, 4);
  VectorXd x(4), dx(4);
  for (int i = 0; i < 12; i++) { A.data()[i] = i * 0.5 - 2; dA.data()[i] = 0; }
  for (int i = 0; i < 4; i++) { x[i] = i * 0.25 + 1; dx[i] = 0; }
  __enzyme_autodiff<double>((void *)matvec, enzyme_dup, &A, &dA, enzyme_dup, &x, &dx);
  VectorXd y = A * x; MatrixXd gA = 2 * y * x.transpose(); VectorXd gx = 2 * A.transpose() * y;
  for (int i = 0; i < 12; i++) CHECK(dA.data()[i], gA.data()[i]);
  for (int i = 0; i < 4; i++) CHECK(dx[i], gx[i]);
  MatrixXd B(4, 2), dB = MatrixXd::Zero(4, 2); for (int i = 0; i < 8; i++) B.data()[i] = i * i * 0.1;
  dA.setZero();
  __enzyme_autodiff<double>((void *)matmat, enzyme_dup, &A, &dA, enzyme_dup, &B, &dB);
  MatrixXd ones = MatrixXd::Ones(3, 2);
  gA = ones * B.transpose(); MatrixXd gB = A.transpose() * ones;
  for (int i = 0; i < 12; i++) CHECK(dA.data()[i], gA.data()[i]);
  for (int i = 0; i < 8; i++) CHECK(dB.data()[i], gB.data()[i]);
  CHECK_END();
}
