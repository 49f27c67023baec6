// What: std::array by value, by reference, returned, and an array of arrays.
// Covers: c++ std::array
#include "check.h"
#include "enzyme.h"
#include <array>

typedef std::array<double, 3> Vec3;

static Vec3 cross(Vec3 a, const Vec3 &b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

static double triple(const Vec3 &a, const Vec3 &b, const Vec3 &c) {
  Vec3 n = cross(a, b);
  double sum = 0;
  for (size_t i = 0; i < n.size(); i++)
    sum += n[i] * c[i];
  return sum;
}

static double frobenius(const std::array<std::array<double, 2>, 3> &m) {
  std::array<std::array<double, 2>, 3> copy = m;
  double s = 0;
  for (auto &row : copy)
    for (double &e : row) {
      e *= e;
      s += e;
    }
  return sqrt(s);
}

int main() {
  Vec3 a = {1, 2, -1}, b = {0.5, -3, 2}, c = {4, 1, 0.25}, da = {}, db = {}, dc = {};
  __enzyme_autodiff<void>((void *)triple, enzyme_dup, &a, &da, enzyme_dup, &b, &db, enzyme_dup, &c, &dc);
  Vec3 wa = cross(b, c), wb = cross(c, a), wc = cross(a, b);
  for (int i = 0; i < 3; i++) {
    CHECK(da[i], wa[i]);
    CHECK(db[i], wb[i]);
    CHECK(dc[i], wc[i]);
  }
  std::array<std::array<double, 2>, 3> m = {{{1, 2}, {3, 4}, {5, 6}}}, dm = {};
  __enzyme_autodiff<void>((void *)frobenius, enzyme_dup, &m, &dm);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 2; j++)
      CHECK(dm[i][j], m[i][j] / sqrt(91));
  CHECK_END();
}
