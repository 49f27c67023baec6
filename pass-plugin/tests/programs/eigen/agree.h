/* Both modes and central differences of a function of a matrix and a vector agree. */
#pragma once
#include "check.h"
#include <vector>
#include <Eigen/Dense>
using namespace Eigen;
extern "C" { extern int enzyme_dup, enzyme_out, enzyme_const; }
template <class R, class... A> R __enzyme_autodiff(void *, A...);
template <class R, class... A> R __enzyme_fwddiff(void *, A...);
template <class M> static void fill(M &m, double seed) { for (int i = 0; i < m.size(); i++) m.data()[i] = std::sin(seed + 1.7 * i) + (i % (m.rows() + 1) == 0 ? 4.0 : 0.0); }
template <class MA, class MB> static void agree(double (*f)(const MA &, const MB &), MA A, MB b) {
  MA dA = A; dA.setZero(); MB db = b; db.setZero();
  MA A0 = A; MB b0 = b;
  __enzyme_autodiff<void>((void *)f, enzyme_dup, &A, &dA, enzyme_dup, &b, &db);
  for (int i = 0; i < A.size(); i++) CHECK(A.data()[i], A0.data()[i]);
  for (int i = 0; i < A.size() + b.size(); i++) {
    MA tA = A; tA.setZero(); MB tb = b; tb.setZero();
    MA p = A, q = A; MB pb = b, qb = b; double h = 1e-5;
    double got;
    if (i < A.size()) { tA.data()[i] = 1; p.data()[i] += h; q.data()[i] -= h; got = dA.data()[i]; }
    else { int j = i - A.size(); tb.data()[j] = 1; pb.data()[j] += h; qb.data()[j] -= h; got = db.data()[j]; }
#ifndef NOFWD
    double fwd = __enzyme_fwddiff<double>((void *)f, enzyme_dup, &A, &tA, enzyme_dup, &b, &tb);
    CHECK(got, fwd);
#endif
    CHECK_TOL(got, (f(p, pb) - f(q, qb)) / (2 * h), 2e-6);
  }
}
