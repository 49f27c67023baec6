#ifndef AGREE_H
#define AGREE_H
#include "check.h"
#include "enzyme.h"
#ifdef __cplusplus
extern "C" {
#endif
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
#ifdef __cplusplus
}
#endif
/* Reverse mode, forward mode and central differences of `double f(double *x, int n)` agree. */
#define AGREE(f, n, ...) do { \
  double x_[n] = __VA_ARGS__, g_[n] = {0}; \
  __enzyme_autodiff((void *)f, enzyme_dup, x_, g_, enzyme_const, (int)n); \
  for (int i_ = 0; i_ < n; i_++) { \
    double y_[n] = __VA_ARGS__, t_[n] = {0}; t_[i_] = 1; \
    double fwd_ = __enzyme_fwddiff((void *)f, enzyme_dup, y_, t_, enzyme_const, (int)n); \
    double u_[n] = __VA_ARGS__, v_[n] = __VA_ARGS__; double h_ = 1e-5; u_[i_] += h_; v_[i_] -= h_; \
    double d_ = (f(u_, n) - f(v_, n)) / (2 * h_); \
    CHECK(g_[i_], fwd_); CHECK_TOL(fwd_, d_, 1e-6); \
  } } while (0)
#endif
