// What: a class hierarchy made and destroyed inside the primal: virtual methods, virtual destructors, new and delete.
// Covers: c++ virtual methods; c++ virtual destructors; calls virtual
#include "check.h"
#include "enzyme.h"

struct Shape {
  virtual double area() const = 0;
  virtual ~Shape() {}
};
struct Circle : Shape {
  double r;
  explicit Circle(double r) : r(r) {}
  double area() const override { return 3 * r * r; }
};
struct Box : Shape {
  double *sides;
  Box(double w, double h) : sides(new double[2]) {
    sides[0] = w;
    sides[1] = h;
  }
  ~Box() override { delete[] sides; }
  double area() const override { return sides[0] * sides[1]; }
};

static double total(double x, int n) {
  Shape *shapes[4];
  for (int i = 0; i < n; i++)
    shapes[i] = i % 2 ? (Shape *)new Circle(x * i) : (Shape *)new Box(x, x + i);
  double s = 0;
  for (int i = 0; i < n; i++)
    s += shapes[i]->area();
  for (int i = 0; i < n; i++)
    delete shapes[i];
  return s;
}

int main() {
  // x^2 + 3x^2 + x(x+2) + 27x^2 = 32x^2 + 2x
  CHECK(__enzyme_autodiff<double>((void *)total, enzyme_out, 1.5, enzyme_const, 4), 64 * 1.5 + 2);
  CHECK(__enzyme_fwddiff<double>((void *)total, enzyme_dup, 1.5, 1.0, enzyme_const, 4), 64 * 1.5 + 2);
  CHECK_END();
}
