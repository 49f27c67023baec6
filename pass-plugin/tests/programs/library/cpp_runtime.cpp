// What: what C++ calls in its runtime: tree and list nodes, dynamic_cast, strings, streams, clocks, new and delete, statics
// Covers: c++ std::map; c++ std::set; c++ std::list; c++ std::string; c++ iostream; c++ dynamic_cast; c++ chrono; c++ new and delete; c++ local static; function _Rb_tree_insert_and_rebalance; function _Rb_tree_increment; function __dynamic_cast
// Flags: -std=c++17
#include "../check.h"
#include <chrono>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <new>
#include <random>
#include <set>
#include <sstream>
#include <string>

template <typename R, typename... T> R __enzyme_autodiff(T...);
template <typename R, typename... T> R __enzyme_fwddiff(T...);

double tree(double x) {
  std::map<int, double> m;
  for (int i = 0; i < 12; i++)
    m[(i * 7) % 12] = x * i;
  m[20] = x * x;
  double s = 0;
  for (auto &p : m)
    s += p.first * p.second;
  for (auto it = m.rbegin(); it != m.rend(); ++it)
    s = 0.5 * s + it->second;
  auto found = m.find(20);
  return found == m.end() ? 0 : s * found->second + m.count(3);
}
// The same on an array.
double tree_plain(double x) {
  double v[13], s = 0;
  int key[13];
  for (int i = 0; i < 12; i++) {
    v[(i * 7) % 12] = x * i;
    key[i] = i;
  }
  v[12] = x * x;
  key[12] = 20;
  for (int i = 0; i < 13; i++)
    s += key[i] * v[i];
  for (int i = 12; i >= 0; i--)
    s = 0.5 * s + v[i];
  return s * v[12] + 1;
}
double names(double x) {
  std::map<std::string, double> m;
  m["first"] = x;
  m["second"] = x * x;
  return m["first"] * m.at("second");
}
double ordered(double x) {
  std::set<double> s;
  s.insert(3 * x);
  s.insert(x);
  s.insert(x * x);
  double r = 0, k = 1;
  for (double e : s)
    r += k++ * e;
  return r;
}
double chain(double x) {
  std::list<double> l;
  l.push_back(x);
  l.push_front(x * x);
  l.push_back(2);
  l.insert(++l.begin(), 3 * x);
  l.pop_back();
  double r = 1;
  for (double e : l)
    r *= e;
  return r;
}
struct Base {
  virtual ~Base() {}
};
struct Other {
  double pad;
  virtual ~Other() {}
};
struct Derived : Base, Other {
  double v;
};
double cast(double x) {
  Derived d;
  d.v = x;
  Base *b = &d;
  Other *o = &d;
  double r = 0;
  if (auto *e = dynamic_cast<Derived *>(b))
    r += e->v * x;
  if (auto *e = dynamic_cast<Derived *>(o))
    r += 10 * e->v;
  Base other;
  b = &other;
  if (dynamic_cast<Derived *>(b))
    r += 1000;
  return r;
}
double text(double x) {
  std::string name = "val" + std::to_string(3);
  std::cout << name << ": " << std::fixed << x << "\n" << x * x << std::endl;
  std::ostringstream o;
  o << std::setprecision(3) << x << name;
  std::stringstream in("2.5 3");
  double a;
  int b;
  in >> a >> b;
  return x * a * b + x * name.size() * (o.str().size() > 4);
}
double timed(double x) {
  auto start = std::chrono::steady_clock::now();
  std::mt19937 g(42);
  std::uniform_real_distribution<double> u(0, 1);
  double noise = u(g);
  double r = x * x + x * (noise - noise);
  std::chrono::duration<double> d = std::chrono::steady_clock::now() - start;
  return d.count() > 1e9 ? 0 : r;
}
double heap(double x) {
  double *p = new double[3]{x, x, x};
  double *q = new (std::nothrow) double(x);
  struct alignas(64) Wide {
    double a[8];
  };
  Wide *v = new Wide;
  v->a[0] = x;
  double r = p[0] * *q * v->a[0];
  delete[] p;
  delete q;
  delete v;
  return r;
}
static double &factor() {
  static double f = 3;
  return f;
}
double statics(double x) {
  static const double k = std::sqrt(16.0);
  return x * k * factor();
}

template <typename F> void check(F f, double x, double want) {
  CHECK(__enzyme_autodiff<double>((void *)f, x), want);
  CHECK(__enzyme_fwddiff<double>((void *)f, x, 1.0), want);
}

int main() {
  double x = 2.0;
  CHECK(tree(x), tree_plain(x));
  check(tree, x, __enzyme_fwddiff<double>((void *)tree_plain, x, 1.0));
  check(names, x, 3 * x * x);
  // x, x^2, 3x
  check(ordered, x, 1 + 2 * 2 * x + 3 * 3);
  check(chain, x, 3 * 4 * x * x * x);
  check(cast, x, 2 * x + 10);
  check(text, x, 7.5 + 4);
  check(timed, x, 2 * x);
  check(heap, x, 3 * x * x);
  check(statics, x, 12);
  CHECK_END();
}
