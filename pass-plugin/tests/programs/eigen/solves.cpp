// What: systems of a fixed size solved by all of Eigen's decompositions
// Covers: c++ Eigen
// Opt: O0 O2
// Flags: -I/usr/include/eigen3
#include "agree.h"

double householder(const Matrix3d &A, const Vector3d &b) { return A.householderQr().solve(b).squaredNorm(); }
double pivoted(const Matrix3d &A, const Vector3d &b) { return A.colPivHouseholderQr().solve(b).squaredNorm(); }
double lu(const Matrix3d &A, const Vector3d &b) { return A.partialPivLu().solve(b).squaredNorm(); }
double full_lu(const Matrix3d &A, const Vector3d &b) { return A.fullPivLu().solve(b).squaredNorm(); }
double cholesky(const Matrix3d &A, const Vector3d &b) {
  Matrix3d S = A * A.transpose();
  return S.llt().solve(b).dot(b) + S.ldlt().solve(b).norm();
}

int main() {
  Matrix3d A;
  Vector3d b;
  fill(A, 0.3);
  fill(b, 2.0);
  agree<Matrix3d, Vector3d>(householder, A, b);
  agree<Matrix3d, Vector3d>(pivoted, A, b);
  agree<Matrix3d, Vector3d>(lu, A, b);
  agree<Matrix3d, Vector3d>(full_lu, A, b);
  agree<Matrix3d, Vector3d>(cholesky, A, b);
  CHECK_END();
}
