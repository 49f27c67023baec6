// What: deques, queues, stacks, lists, sets, heaps.
// Covers: c++ std::deque; c++ std::forward_list; c++ std::set; c++ std::priority_queue
#include "../cxx/derivative.h"
#include <queue>
#include <stack>
#include <forward_list>
#include <set>

namespace deque1 {
double f(const double *x, int n) { std::deque<double> d; for (int i = 0; i < n; i++) { d.push_back(x[i]); d.push_front(x[i] * x[i]); } d.pop_back(); double s = 0; for (size_t i = 0; i < d.size(); i++) s += d[i] * (i + 1); std::queue<double> q; q.push(x[0]); q.push(s); q.pop(); std::stack<double> t; t.push(x[1]); t.push(q.front() * x[2]); double r = t.top(); t.pop(); return r * t.top(); }
}

namespace list1 {
double f(const double *x, int n) { std::list<double> l; for (int i = 0; i < n; i++) { l.push_back(x[i]); l.push_front(x[i] * 2); } l.sort(); l.reverse(); double s = 0, w = 1; for (double v : l) s += v * (w += 1); std::forward_list<double> k(x, x + n); k.push_front(s); for (double v : k) s *= 1 + 0.1 * v; return s; }
}

namespace set1 {
double f(const double *x, int n) { std::set<double> s(x, x + n); double r = 0, w = 1; for (double v : s) r += v * (w *= 2); std::multiset<double, std::greater<double>> m; for (int i = 0; i < n; i++) m.insert(x[i] * x[i]); s.erase(s.begin()); return r * *m.begin() + *s.begin() + *s.rbegin() * *s.lower_bound(0.5); }
}

namespace pq1 {
struct E { double c; int i; bool operator<(const E &o) const { return c > o.c; } };
double f(const double *x, int n) { std::priority_queue<double> q; for (int i = 0; i < n; i++) q.push(x[i]); double s = 0, w = 1; while (!q.empty()) { s += q.top() * w++; q.pop(); } std::priority_queue<E> p; for (int i = 0; i < n; i++) p.push({x[i] * x[i], i}); while (p.size() > 2) { E a = p.top(); p.pop(); E b = p.top(); p.pop(); p.push({a.c * b.c + a.i, b.i}); } return s * p.top().c; }
}

int main() {
  dv(deque1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(list1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(set1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(pq1::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
