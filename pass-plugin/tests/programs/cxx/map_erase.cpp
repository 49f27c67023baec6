// What: elements are taken out of maps; lists are exchanged, turned round, sorted, spliced
// Covers: c++ std::map; c++ std::list
#include "../cxx/derivative.h"
#include <set>
double f(const double *x, int n) { std::map<int, double> m; for (int i = 0; i < n; i++) m[(i * 7) % 11] = x[i] * x[i]; m.erase(7); m.erase(m.begin()); double s = 0, w = 1; for (auto &kv : m) s += kv.second * w++; std::multimap<int, double> mm(m.begin(), m.end()); mm.insert({3, x[0]}); mm.erase(mm.find(3)); for (auto &kv : mm) s += kv.second * x[1]; std::map<int, double> o; o.swap(m); return s * o.begin()->second + (double)m.size(); }
double g(const double *x, int n) { std::list<double> l(x, x + n), k; k.swap(l); k.reverse(); k.sort([](double a, double b) { return a > b; }); k.remove_if([](double v) { return v < -1; }); l.splice(l.end(), k); l.push_back(x[0] * x[1]); double s = 0; int i = 1; for (double v : l) s += v * v * i++; return s; }
int main() { dv(f, {0.3, -1.2, 2.2, 0.9, 1.5}); dv(g, {0.3, -1.2, 2.2, 0.9}); CHECK_END(); }
