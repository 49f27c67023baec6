// What: class templates with overloaded operators, expression-like chains, const methods, static members, references.
// Covers: c++ templates; c++ operator overloading; c++ static members
#include "check.h"
#include "enzyme.h"

template <typename T, int N> struct Vec {
  T e[N];
  static int made;
  explicit Vec(T v = T()) {
    made++;
    for (int i = 0; i < N; i++)
      e[i] = v;
  }
  T &operator[](int i) { return e[i]; }
  const T &operator[](int i) const { return e[i]; }
  Vec &operator+=(const Vec &o) {
    for (int i = 0; i < N; i++)
      e[i] += o[i];
    return *this;
  }
  friend Vec operator+(Vec a, const Vec &b) { return a += b; }
  friend Vec operator*(T s, Vec v) {
    for (T &x : v.e)
      x *= s;
    return v;
  }
  T dot(const Vec &o) const {
    T s = 0;
    for (int i = 0; i < N; i++)
      s += e[i] * o[i];
    return s;
  }
  T norm() const { return std::sqrt(dot(*this)); }
};
template <typename T, int N> int Vec<T, N>::made = 0;

template <typename V> static double energy(const V &a, const V &b) {
  V c = 2.0 * a + b + 0.5 * (a + b);
  c[0] *= a[1];
  return c.dot(c) + a.norm();
}

static double primal(const Vec<double, 3> *a, const Vec<double, 3> *b) { return energy(*a, *b); }

int main() {
  Vec<double, 3> a, b, da, db, ta, tb;
  for (int i = 0; i < 3; i++) {
    a[i] = i + 0.5;
    b[i] = 1 - 0.3 * i;
    ta[i] = 1 + i;
    tb[i] = i - 0.5;
  }
  __enzyme_autodiff<void>((void *)primal, enzyme_dup, &a, &da, enzyme_dup, &b, &db);
  double c[3], w[3] = {a[1], 1, 1}, n = a.norm();
  for (int i = 0; i < 3; i++)
    c[i] = 2.5 * a[i] + 1.5 * b[i];
  for (int i = 0; i < 3; i++) {
    CHECK(da[i], 2 * c[i] * w[i] * w[i] * 2.5 + a[i] / n + (i == 1 ? 2 * c[0] * c[0] * a[1] : 0));
    CHECK(db[i], 2 * c[i] * w[i] * w[i] * 1.5);
  }
  double t = __enzyme_fwddiff<double>((void *)primal, enzyme_dup, &a, &ta, enzyme_dup, &b, &tb);
  CHECK(t, da.dot(ta) + db.dot(tb));
  CHECK((Vec<double, 3>::made > 0), 1);
  CHECK_END();
}
