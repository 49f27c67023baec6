// What: Eigen's unsupported tensor module: convolution, contraction, reductions, slices, broadcasts, elementwise expressions
// Covers: Eigen tensor convolution; Eigen tensor contraction; Eigen tensor reductions and slices
// Flags: -std=c++17 -I/usr/include/eigen3
#include "check.h"
#include "enzyme.h"
#include <unsupported/Eigen/CXX11/Tensor>

using Eigen::Tensor;
using Eigen::TensorMap;

template <class T> static void fill(T &t, double scale) {
  for (long i = 0; i < t.size(); i++)
    t.data()[i] = scale * (1 + i % 7) - 0.3 * (i % 3);
}

// The result of an operation, weighted, and the same by loops over elements: both derivatives must agree.
template <class R> static double weighted(const R &r) {
  double sum = 0;
  for (long i = 0; i < r.size(); i++)
    sum += (1.0 + 0.25 * (i % 5)) * r.data()[i];
  return sum;
}

template <class F> __attribute__((noinline)) double convolved(Tensor<F, 4> *in, Tensor<F, 2> *kernel) {
  Eigen::array<ptrdiff_t, 2> dims{1, 2};
  Tensor<F, 4> out(3, 2, 4, 5);
  out = in->convolve(*kernel, dims);
  return weighted(out);
}
template <class F> __attribute__((noinline)) double convolved_by_hand(Tensor<F, 4> *in, Tensor<F, 2> *kernel) {
  Tensor<F, 4> out(3, 2, 4, 5);
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 2; b++)
      for (int c = 0; c < 4; c++)
        for (int d = 0; d < 5; d++) {
          F sum = 0;
          for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
              sum += (*in)(a, b + i, c + j, d) * (*kernel)(i, j);
          out(a, b, c, d) = sum;
        }
  return weighted(out);
}

template <class F> __attribute__((noinline)) double contracted(Tensor<F, 3> *a, Tensor<F, 2> *b) {
  Eigen::array<Eigen::IndexPair<int>, 1> over{Eigen::IndexPair<int>(1, 0)};
  Tensor<F, 3> c = a->contract(*b, over);
  return weighted(c);
}
template <class F> __attribute__((noinline)) double contracted_by_hand(Tensor<F, 3> *a, Tensor<F, 2> *b) {
  Tensor<F, 3> c(2, 4, 5);
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 4; k++)
      for (int l = 0; l < 5; l++) {
        F sum = 0;
        for (int j = 0; j < 3; j++)
          sum += (*a)(i, j, k) * (*b)(j, l);
        c(i, k, l) = sum;
      }
  return weighted(c);
}

__attribute__((noinline)) static double mixed(Tensor<double, 3> *a, Tensor<double, 2> *b) {
  Eigen::array<long, 1> reduced{1};
  Tensor<double, 2> sums = a->square().sum(reduced);
  Tensor<double, 0> mean = (a->exp() * 0.1).mean();
  Eigen::array<long, 2> offsets{1, 2}, extents{2, 3};
  Tensor<double, 2> part = b->slice(offsets, extents);
  Tensor<double, 2> chip = a->chip(1, 0);
  return weighted(sums) + mean(0) + weighted(part) + weighted(chip);
}
__attribute__((noinline)) static double mixed_by_hand(Tensor<double, 3> *a, Tensor<double, 2> *b) {
  Tensor<double, 2> sums(2, 4), part(2, 3), chip(3, 4);
  double mean = 0;
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 4; k++) {
      double sum = 0;
      for (int j = 0; j < 3; j++) {
        sum += (*a)(i, j, k) * (*a)(i, j, k);
        mean += 0.1 * exp((*a)(i, j, k)) / 24;
      }
      sums(i, k) = sum;
    }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      part(i, j) = (*b)(1 + i, 2 + j);
  for (int j = 0; j < 3; j++)
    for (int k = 0; k < 4; k++)
      chip(j, k) = (*a)(1, j, k);
  return weighted(sums) + mean + weighted(part) + weighted(chip);
}

__attribute__((noinline)) static void onto(const Tensor<float, 2> *__restrict kernel, const Tensor<float, 4> *__restrict in,
                                           Tensor<float, 4> *__restrict out) {
  Eigen::array<ptrdiff_t, 2> dims{1, 2};
  *out = in->convolve(*kernel, dims);
}

template <class A, class B> static void agree(double (*f)(A *, B *), double (*g)(A *, B *), A a, B b, double tol) {
  fill(a, 0.2);
  fill(b, -0.15);
  A da(a), dg(a);
  B db(b), dh(b);
  for (auto *t : {&da, &dg})
    t->setZero();
  for (auto *t : {&db, &dh})
    t->setZero();
  CHECK_TOL(f(&a, &b), g(&a, &b), tol);
  __enzyme_autodiff<void>((void *)f, enzyme_dup, &a, &da, enzyme_dup, &b, &db);
  __enzyme_autodiff<void>((void *)g, enzyme_dup, &a, &dg, enzyme_dup, &b, &dh);
  for (long i = 0; i < a.size(); i++)
    CHECK_TOL(da.data()[i], dg.data()[i], tol);
  for (long i = 0; i < b.size(); i++)
    CHECK_TOL(db.data()[i], dh.data()[i], tol);
  // Forward mode, along a direction that is no gradient.
  A ta(a);
  B tb(b);
  fill(ta, 0.7);
  fill(tb, 0.4);
  double along = __enzyme_fwddiff<double>((void *)f, enzyme_dup, &a, &ta, enzyme_dup, &b, &tb), sum = 0;
  for (long i = 0; i < a.size(); i++)
    sum += da.data()[i] * ta.data()[i];
  for (long i = 0; i < b.size(); i++)
    sum += db.data()[i] * tb.data()[i];
  CHECK_TOL(along, sum, 10 * tol);
}

int main() {
  agree(convolved<float>, convolved_by_hand<float>, Tensor<float, 4>(3, 3, 5, 5), Tensor<float, 2>(2, 2), 1e-4);
  agree(convolved<double>, convolved_by_hand<double>, Tensor<double, 4>(3, 3, 5, 5), Tensor<double, 2>(2, 2), 1e-11);
  agree(contracted<double>, contracted_by_hand<double>, Tensor<double, 3>(2, 3, 4), Tensor<double, 2>(3, 5), 1e-11);
  agree(mixed, mixed_by_hand, Tensor<double, 3>(2, 3, 4), Tensor<double, 2>(3, 5), 1e-11);

  // The result goes to memory of the caller, whose shadow is the seed and is zero afterwards.
  Tensor<float, 4> in(3, 3, 5, 5), din(3, 3, 5, 5), out(3, 2, 4, 5), dout(3, 2, 4, 5);
  Tensor<float, 2> kernel(2, 2), dkernel(2, 2);
  fill(in, 0.2);
  fill(kernel, 0.5);
  din.setZero();
  dkernel.setZero();
  dout.setConstant(1);
  __enzyme_autodiff<void>((void *)onto, enzyme_dup, &kernel, &dkernel, enzyme_dup, &in, &din, enzyme_dup, &out, &dout);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      double sum = 0;
      for (int a = 0; a < 3; a++)
        for (int b = 0; b < 2; b++)
          for (int c = 0; c < 4; c++)
            for (int d = 0; d < 5; d++)
              sum += in(a, b + i, c + j, d);
      CHECK_TOL(dkernel(i, j), sum, 1e-3);
    }
  for (long i = 0; i < dout.size(); i++)
    CHECK(dout.data()[i], 0);
  CHECK_END();
}
