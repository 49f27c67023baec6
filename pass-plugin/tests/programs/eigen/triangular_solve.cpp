// What: an upper triangular system is solved
// Covers: c++ Eigen
// Opt: O0 O2
// Flags: -I/usr/include/eigen3 -fno-exceptions
#include "check.h"

#include <Eigen/Dense>
using namespace Eigen;
extern int enzyme_dup;
template <class R, class... A> R __enzyme_autodiff(void *, A...);

double solve(const Matrix3d &A, const Vector3d &b) {
  Vector3d x = A.triangularView<Upper>().solve(b);
  return x.squaredNorm();
}

int main() {
  Matrix3d A, dA = Matrix3d::Zero();
  Vector3d b(1, 2, 3), db = Vector3d::Zero();
  A << 4, 1, 0.5, 1, 5, 2, 0.5, 2, 6;
  __enzyme_autodiff<double>((void *)solve, enzyme_dup, &A, &dA, enzyme_dup, &b, &db);
  // With x = U^-1 b: db = U^-T 2x, and dU = -db x^T where U is not zero.
  Matrix3d U = A.triangularView<Upper>(), inverse = U.inverse();
  Vector3d x = inverse * b, want_b = inverse.transpose() * (2 * x);
  Matrix3d all = -want_b * x.transpose(), want = all.triangularView<Upper>();
  for (int i = 0; i < 3; i++)
    CHECK(db[i], want_b[i]);
  for (int i = 0; i < 9; i++)
    CHECK(dA.data()[i], want.data()[i]);
  CHECK_END();
}
