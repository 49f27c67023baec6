// What: trees of unique, shared and weak pointers.
// Covers: c++ std::unique_ptr; c++ std::weak_ptr
#include "../cxx/derivative.h"

namespace uptr {
struct T { double v; std::unique_ptr<T> l, r; T(double v) : v(v) {} };
void ins(std::unique_ptr<T> &t, double v) { if (!t) t = std::make_unique<T>(v); else if (v < t->v) ins(t->l, v); else ins(t->r, v); }
double sum(const std::unique_ptr<T> &t, double d) { return t ? t->v * d + sum(t->l, d * 2) + sum(t->r, d * 3) * t->v : 1.0; }
double f(const double *x, int n) { std::unique_ptr<T> t; for (int i = 0; i < n; i++) ins(t, x[i] * x[i]); return sum(t, 1); }
}

namespace sptr {
struct N { double v; std::vector<std::shared_ptr<N>> kids; std::weak_ptr<N> up; N(double v) : v(v) {} };
double sum(const N &n, double w) { double s = n.v * w; for (auto &k : n.kids) s += sum(*k, w + 1); if (auto u = n.up.lock()) s *= u->v; return s; }
double f(const double *x, int n) { auto r = std::make_shared<N>(x[0]); for (int i = 1; i < n; i++) { auto k = std::make_shared<N>(x[i] * x[i]); k->up = r; r->kids.push_back(k); } std::weak_ptr<N> w = r; auto o = w.lock(); return sum(*o, 1) + (double)r.use_count(); }
}

int main() {
  dv(uptr::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  dv(sptr::f, {0.3, -1.2, 2.2, 0.9, 1.5});
  CHECK_END();
}
