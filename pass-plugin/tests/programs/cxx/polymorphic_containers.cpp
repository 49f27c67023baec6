// What: vectors and maps of unique pointers to a base class
// Covers: c++ std::unique_ptr; c++ virtual functions
#include "../cxx/derivative.h"
struct Shape { virtual double area() const = 0; virtual void grow(double) = 0; virtual ~Shape() = default; };
struct Circle : Shape { double r; Circle(double r) : r(r) {} double area() const override { return 3.0 * r * r; } void grow(double k) override { r *= k; } };
struct Rect : Shape { double w, h; Rect(double w, double h) : w(w), h(h) {} double area() const override { return w * h; } void grow(double k) override { w *= k; h += k; } };
double f(const double *x, int n) { std::vector<std::unique_ptr<Shape>> v; for (int i = 0; i + 1 < n; i++) { if (i % 2) v.emplace_back(new Circle(x[i])); else v.push_back(std::make_unique<Rect>(x[i], x[i + 1])); } for (auto &s : v) s->grow(x[0]); double t = 0; for (const auto &s : v) t += s->area() * x[n - 1]; return t; }
double g(const double *x, int n) { std::map<std::string, std::unique_ptr<Shape>> m; m["a"] = std::make_unique<Circle>(x[0]); m["b"] = std::make_unique<Rect>(x[1], x[2]); m.at("a")->grow(x[3]); double s = 0; for (auto &kv : m) s += kv.second->area(); return s; }
int main() { dv(f, {1.1, 2.0, 0.5, 0.7}); dv(g, {1.1, 2.0, 0.5, 0.7}); CHECK_END(); }
