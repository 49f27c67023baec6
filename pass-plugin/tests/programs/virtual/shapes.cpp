// What: virtual calls: objects made inside, passed with a shadow object, an array of them, base class pointers, destructors.
// Covers: c++ virtual; calls virtual; entry __enzyme_autodiff; entry __enzyme_fwddiff
#include "check.h"
#include "enzyme.h"
#include <memory>
#include <vector>

double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct Shape {
  virtual ~Shape() {}
  virtual double area(double s) const = 0;
  virtual double twice(double s) const { return 2 * area(s); }
};
struct Circle : Shape {
  double r;
  explicit Circle(double r) : r(r) {}
  double area(double s) const override { return s * r * r; }
};
struct Box : Shape {
  double a, b;
  Box(double a, double b) : a(a), b(b) {}
  double area(double s) const override { return s * a * b; }
  double twice(double s) const override { return s * s * a + b; }
};

static double made_inside(double x) {
  Circle c(x);
  Box b(x, 3);
  const Shape *s[2] = {&c, &b};
  double sum = 0;
  for (auto p : s)
    sum += p->area(2) + p->twice(x);
  return sum; // 2x^2 + 2x^3 + 6x + x^3 + 3
}
static double on_heap(double x, int n) {
  Shape *s = n > 1 ? static_cast<Shape *>(new Circle(x)) : static_cast<Shape *>(new Box(x, x));
  double r = s->area(x);
  delete s;
  return r;
}
static double with_shadow(const Shape *s, double x) { return s->area(x) * s->area(2); }
static double owned(double x, int n) {
  std::vector<std::unique_ptr<Shape>> v;
  for (int i = 0; i < n; i++)
    if (i % 2)
      v.push_back(std::make_unique<Circle>(x * i));
    else
      v.push_back(std::make_unique<Box>(x, i));
  double sum = 0;
  for (auto &p : v)
    sum += p->area(1);
  return sum;
}

int main() {
  double x = 1.3;
  double want = 4 * x + 6 * x * x + 6 + 3 * x * x;
  CHECK(__enzyme_autodiff((void *)made_inside, x), want);
  CHECK(__enzyme_fwddiff((void *)made_inside, x, 1.0), want);
  CHECK(__enzyme_autodiff((void *)on_heap, enzyme_out, x, enzyme_const, 2), 3 * x * x);
  CHECK(__enzyme_autodiff((void *)on_heap, enzyme_out, x, enzyme_const, 1), 3 * x * x);
  CHECK(__enzyme_fwddiff((void *)on_heap, enzyme_dup, x, 1.0, enzyme_const, 1), 3 * x * x);
  Circle c(x), dc(0);
  CHECK(__enzyme_autodiff((void *)with_shadow, enzyme_dup, &c, &dc, enzyme_out, 3.0), 2 * x * x * x * x);
  CHECK(dc.r, 6 * 4 * x * x * x);
  Box b(2, 5), db(0, 0);
  CHECK(__enzyme_autodiff((void *)with_shadow, enzyme_dup, (Shape *)&b, (Shape *)&db, enzyme_out, 3.0), 200);
  CHECK(db.a, 6 * 2 * 2 * 25);
  CHECK(db.b, 6 * 2 * 5 * 4);
  CHECK(__enzyme_autodiff((void *)with_shadow, enzyme_const, &c, enzyme_out, 3.0), 2 * x * x * x * x);
  CHECK(__enzyme_autodiff((void *)owned, enzyme_out, x, enzyme_const, 4), 2 * x * 1 + 2 * x * 9 + 0 + 2);
  CHECK_END();
}
