// What: virtual calls: multiple and virtual inheritance, expression trees, layers, dynamic_cast, std::function handed about.
// Covers: c++ virtual; c++ multiple inheritance; c++ virtual inheritance; c++ dynamic_cast; c++ std::function; c++ std::unique_ptr
#include "check.h"
#include "enzyme.h"
#include <functional>
#include <memory>
#include <vector>
#include <map>
#include <string>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
// multiple inheritance, thunks
struct Value { double v; virtual double get(double k) const { return v * k; } virtual ~Value() = default; };
struct Weighted { double w; virtual double weigh(double k) const { return w + k; } virtual ~Weighted() = default; };
struct Both : Value, Weighted { double c; Both(double a, double b, double c_) { v = a; w = b; c = c_; }
  double get(double k) const override { return v * k * c; } double weigh(double k) const override { return w * k + c; } };
static double multiple(double x) { Both b(x, x * x, 3); const Value *p = &b; const Weighted *q = &b; return p->get(2) + q->weigh(x); } // 6x + x^3 + 3
// virtual inheritance
struct Root { double r; virtual double f() const { return r; } virtual ~Root() {} };
struct L : virtual Root { double l; double f() const override { return l * r; } };
struct R : virtual Root { double rr; };
struct D : L, R { double d; double f() const override { return L::f() * d + rr; } };
static double diamond(double x) { D d; d.r = x; d.l = 2 * x; d.rr = x; d.d = x * x; const Root *p = &d; return p->f(); } // 2x^4 + x
// expression tree
struct Expr { virtual ~Expr() {} virtual double eval(double x) const = 0; };
struct Var : Expr { double eval(double x) const override { return x; } };
struct Con : Expr { double c; Con(double c) : c(c) {} double eval(double) const override { return c; } };
struct Bin : Expr { std::unique_ptr<Expr> a, b; Bin(Expr *a, Expr *b) : a(a), b(b) {} };
struct Add : Bin { using Bin::Bin; double eval(double x) const override { return a->eval(x) + b->eval(x); } };
struct Mul : Bin { using Bin::Bin; double eval(double x) const override { return a->eval(x) * b->eval(x); } };
struct Sin : Expr { std::unique_ptr<Expr> a; Sin(Expr *a) : a(a) {} double eval(double x) const override { return std::sin(a->eval(x)); } };
static double eval(const Expr *e, double x) { return e->eval(x); }
// abstract with state update
struct Layer { virtual ~Layer() {} virtual void forward(const double *in, double *out, int n) const = 0; };
struct Scale : Layer { double s; Scale(double s) : s(s) {} void forward(const double *in, double *out, int n) const override { for (int i = 0; i < n; i++) out[i] = in[i] * s; } };
struct Tanh : Layer { void forward(const double *in, double *out, int n) const override { for (int i = 0; i < n; i++) out[i] = std::tanh(in[i]); } };
struct Net { std::vector<std::unique_ptr<Layer>> layers; };
static double run(const Net *net, const double *x, int n) { std::vector<double> a(x, x + n), b(n); for (auto &l : net->layers) { l->forward(a.data(), b.data(), n); std::swap(a, b); } double s = 0; for (double v : a) s += v * v; return s; }
// dynamic cast
static double dyn(double x) { Both b(x, 2, 3); Value *p = &b; if (auto *q = dynamic_cast<Both *>(p)) return q->c * q->v + q->w; return 0; }
// crtp + template method + ctor/dtor calling virtual
struct Base { double acc; Base(double a) : acc(a) {} virtual void step(double k) { acc += k; } void run(double k) { for (int i = 0; i < 3; i++) step(k); } virtual ~Base() {} };
struct Derived : Base { using Base::Base; void step(double k) override { acc *= k; Base::step(k); } };
static double method(double x, int n) { std::unique_ptr<Base> b; if (n) b.reset(new Derived(x)); else b.reset(new Base(x)); b->run(2); return b->acc * x; } // derived: ((x*2+2)*2+2)*2+2 = 8x+14 ; base x+6
static double functions(double x) { std::vector<std::function<double(double)>> fs; fs.push_back([x](double y) { return x * y; }); fs.push_back([](double y) { return y * y; }); double r = x; for (auto &f : fs) r = f(r); return r; } // (x^2)^2
static double compose(std::function<double(double)> f, double x, int n) { for (int i = 0; i < n; i++) x = f(x); return x; }
static double composed(double x) { return compose([x](double y) { return y * x; }, x, 3); } // x^4
int main() {
  double x = 1.3;
  CHECK(__enzyme_autodiff((void *)multiple, x), 6 + 3 * x * x);
  CHECK(__enzyme_fwddiff((void *)multiple, x, 1.0), 6 + 3 * x * x);
  CHECK(__enzyme_autodiff((void *)diamond, x), 8 * x * x * x + 1);
  CHECK(__enzyme_fwddiff((void *)diamond, x, 1.0), 8 * x * x * x + 1);
  std::unique_ptr<Expr> e(new Add(new Mul(new Var, new Sin(new Mul(new Con(2), new Var))), new Mul(new Var, new Var)));
  CHECK(__enzyme_autodiff((void *)eval, enzyme_const, e.get(), enzyme_out, x), std::sin(2 * x) + 2 * x * std::cos(2 * x) + 2 * x);
  CHECK(__enzyme_fwddiff((void *)eval, enzyme_const, e.get(), enzyme_dup, x, 1.0), std::sin(2 * x) + 2 * x * std::cos(2 * x) + 2 * x);
  Net net; net.layers.emplace_back(new Scale(0.5)); net.layers.emplace_back(new Tanh); net.layers.emplace_back(new Scale(2));
  double in[2] = {0.3, 0.7}, din[2] = {0, 0};
  __enzyme_autodiff((void *)run, enzyme_const, &net, enzyme_dup, in, din, enzyme_const, 2);
  for (int i = 0; i < 2; i++) { double t = std::tanh(in[i] / 2); CHECK(din[i], 4 * t * (1 - t * t)); }
  CHECK(__enzyme_autodiff((void *)dyn, x), 3);
  CHECK(__enzyme_autodiff((void *)method, enzyme_out, x, enzyme_const, 1), 16 * x + 14);
  CHECK(__enzyme_autodiff((void *)method, enzyme_out, x, enzyme_const, 0), 2 * x + 6);
  CHECK(__enzyme_autodiff((void *)composed, x), 4 * x * x * x);
  CHECK_END();
}
