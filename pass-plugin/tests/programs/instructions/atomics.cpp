// What: std::atomic<double>: compare-and-exchange loops, exchanges with constants
// Covers: c++ std::atomic
#include "../cxx/derivative.h"
#include <atomic>
double f(double x) { std::atomic<double> a{0}; std::atomic<int> n{0}; for (int i = 0; i < 3; i++) { double o = a.load(); while (!a.compare_exchange_weak(o, o + x * i)) ; n++; } return a.load() * a.load() * n; }
double g(double x) { std::atomic<double> a{x}; a.store(a.load() * x); double o = a.exchange(2.0); return o * a; }
int main() { d1(f, 0.9); d1(g, 0.4); CHECK_END(); }
