// What: lists of shared pointers
// Covers: c++ std::shared_ptr
#include "../cxx/derivative.h"
struct Node { double v; std::shared_ptr<Node> next; };
double f(double x) { std::shared_ptr<Node> head; for (int i = 0; i < 4; i++) { auto n = std::make_shared<Node>(); n->v = x * i; n->next = head; head = n; } double s = 0; for (auto p = head; p; p = p->next) s += p->v * p->v; return s; }
double g(double x) { auto p = std::make_shared<double>(x); auto q = p; *q *= x; std::shared_ptr<double> r(new double(*p)); *r += *q; return *r * x; }
int main() { d1(f, 1.3); d1(g, 0.7); CHECK_END(); }
