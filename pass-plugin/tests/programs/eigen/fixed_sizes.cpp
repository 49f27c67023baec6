// What: quadratic forms, norms, blocks, inverse and determinant of small matrices
// Covers: c++ Eigen
// Opt: O0 O2
// Flags: -I/usr/include/eigen3 -fno-exceptions
#include "check.h"

#include <Eigen/Dense>
using namespace Eigen;
extern int enzyme_out, enzyme_const, enzyme_dup;
template <class R, class... A> R __enzyme_autodiff(void *, A...);
double f(const Matrix3d &A, const Vector3d &x) { return x.dot(A * x) + A.row(1).norm() + A.transpose().block<2, 2>(0, 1).sum(); }
double inv(const Matrix3d &A) { return A.inverse().sum(); }
double det(const Matrix3d &A) { return A.determinant(); }
int main() {
  Matrix3d A, dA; A << 4, 1, 2, 1, 5, 3, 0.5, 1, 6; dA.setZero();
  Vector3d x(1, 2, 3), dx(0, 0, 0);
  __enzyme_autodiff<double>((void *)f, enzyme_dup, &A, &dA, enzyme_dup, &x, &dx);
  Matrix3d g = x * x.transpose(); g.row(1) += A.row(1) / A.row(1).norm(); g.block<2, 2>(1, 0).array() += 1;
  Vector3d gx = A * x + A.transpose() * x;
  for (int i = 0; i < 9; i++) CHECK(dA.data()[i], g.data()[i]);
  for (int i = 0; i < 3; i++) CHECK(dx[i], gx[i]);
  dA.setZero(); __enzyme_autodiff<double>((void *)inv, enzyme_dup, &A, &dA);
  Matrix3d I = A.inverse(); g = -(I.transpose() * Matrix3d::Ones() * I.transpose());
  for (int i = 0; i < 9; i++) CHECK(dA.data()[i], g.data()[i]);
  dA.setZero(); __enzyme_autodiff<double>((void *)det, enzyme_dup, &A, &dA);
  g = A.determinant() * I.transpose();
  for (int i = 0; i < 9; i++) CHECK(dA.data()[i], g.data()[i]);
  CHECK_END();
}
