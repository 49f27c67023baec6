// What: the typed C++ interface: modes, activities, references, lambdas and functors.
// Covers: c++ enzyme::autodiff; c++ enzyme::Active; c++ enzyme::Duplicated; c++ enzyme::Const; c++ enzyme::ReverseWithPrimal; c++ enzyme::Forward; c++ lambda
#include "check.h"
#include <enzyme/enzyme>

static double square(double x) { return x * x; }
static double product(double x, double y) { return x * y; }
static double norm(const double *p, int n) {
  double s = 0;
  for (int i = 0; i < n; i++)
    s += p[i] * p[i];
  return s;
}
struct Point {
  double x, y;
};
static double area(const Point &p) { return p.x * p.y; }
static void scale(Point &p, double by) {
  p.x *= by;
  p.y *= by;
}
struct Power {
  int n;
  double operator()(double x) const {
    double r = 1;
    for (int i = 0; i < n; i++)
      r *= x;
    return r;
  }
};

int main() {
  using namespace enzyme;
  auto d = autodiff<Reverse>(square, Active<double>(3.0));
  CHECK(get<0>(get<0>(d)), 6);
  auto e = autodiff<Reverse>(product, Active<double>(3.0), Active<double>(4.0));
  CHECK(get<0>(get<0>(e)), 4);
  CHECK(get<1>(get<0>(e)), 3);
  auto w = autodiff<ReverseWithPrimal>(product, Active<double>(3.0), Const<double>(4.0));
  CHECK(get<0>(get<0>(w)), 4);
  CHECK(get<1>(w), 12);
  auto t = autodiff<Forward>(product, Duplicated<double>(3.0, 1.0), Const<double>(4.0));
  CHECK(get<0>(t), 4);
  auto both = autodiff<ForwardWithPrimal>(product, Duplicated<double>(3.0, 1.0), Duplicated<double>(4.0, 10.0));
  CHECK(get<0>(both), 12);
  CHECK(get<1>(both), 34);
  both = autodiff<Forward, Duplicated<>>(product, Duplicated<double>(3.0, 1.0), Duplicated<double>(4.0, 10.0));
  CHECK(get<1>(both), 34);

  double p[3] = {1, 2, 3}, dp[3] = {0, 0, 0};
  autodiff<Reverse>(norm, Duplicated<const double *>(p, dp), Const<int>(3));
  CHECK(dp[2], 6);
  auto n = autodiff<ReverseWithPrimal>(norm, Duplicated<const double *>(p, dp), Const<int>(3));
  CHECK(get<1>(n), 14);

  Point a{2, 5}, da{0, 0};
  autodiff<Reverse>(area, Duplicated<const Point &>(a, da));
  CHECK(da.x, 5);
  CHECK(da.y, 2);
  Point b{2, 5}, db{1, 0};
  autodiff<Forward>(scale, Duplicated<Point &>(b, db), Duplicated<double>(3.0, 1.0));
  CHECK(db.x, 3 + 2);
  CHECK(db.y, 5);

  double k = 7;
  auto l = [k](double x) { return k * x * x; };
  CHECK(get<0>(get<0>(autodiff<Reverse>(l, Active<double>(2.0)))), 28);
  CHECK(get<0>(autodiff<Forward>(Power{4}, Duplicated<double>(2.0, 1.0))), 32);
  CHECK_END();
}
