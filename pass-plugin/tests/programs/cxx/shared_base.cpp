// What: expression trees of shared pointers to a base class
// Covers: c++ std::shared_ptr; c++ virtual functions
#include "../cxx/derivative.h"
struct Op { virtual double eval(double x) const = 0; virtual ~Op() {} };
struct Sin : Op { double eval(double x) const override { return sin(x); } };
struct Scale : Op { double k; std::shared_ptr<Op> in; Scale(double k, std::shared_ptr<Op> i) : k(k), in(i) {} double eval(double x) const override { return k * in->eval(x); } };
struct Add : Op { std::shared_ptr<Op> a, b; Add(std::shared_ptr<Op> a, std::shared_ptr<Op> b) : a(a), b(b) {} double eval(double x) const override { return a->eval(x) + b->eval(x); } };
double f(double x) { std::shared_ptr<Op> s = std::make_shared<Sin>(); auto e = std::make_shared<Add>(std::make_shared<Scale>(x, s), std::make_shared<Scale>(2.0, s)); return e->eval(x * x); }
int main() { d1(f, 1.3); CHECK_END(); }
