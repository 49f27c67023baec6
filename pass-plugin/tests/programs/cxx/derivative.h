/* What the programs about C++ share: derivatives of functions of a number or of an array, in both modes, and differences. */
#ifndef CXX_DERIVATIVE_H
#define CXX_DERIVATIVE_H

#include "check.h"
#include "enzyme.h"
#include <vector>
#include <memory>
#include <functional>
#include <algorithm>
#include <numeric>
#include <array>
#include <complex>
#include <string>
#include <sstream>
#include <iostream>
#include <stdexcept>
#include <valarray>
#include <random>
#include <map>
#include <list>
#include <deque>
#include <cstring>
template <class R, class... A> R __enzyme_autodiff(void *, A...);
template <class R, class... A> R __enzyme_fwddiff(void *, A...);
static double d1(double (*f)(double), double x) { double r = __enzyme_autodiff<double>((void *)f, x); double t = __enzyme_fwddiff<double>((void *)f, x, 1.0); CHECK(r, t); CHECK_TOL(r, (f(x + 1e-5) - f(x - 1e-5)) / 2e-5, 1e-6); return r; }
static void dv(double (*f)(const double *, int), std::vector<double> x) { int n = (int)x.size(); std::vector<double> g(n, 0.0);
  __enzyme_autodiff<double>((void *)f, enzyme_dup, x.data(), g.data(), enzyme_const, n);
  for (int i = 0; i < n; i++) { std::vector<double> t(n, 0.0), p = x, q = x; t[i] = 1; p[i] += 1e-5; q[i] -= 1e-5;
    double w = __enzyme_fwddiff<double>((void *)f, enzyme_dup, x.data(), t.data(), enzyme_const, n);
    CHECK(g[i], w); CHECK_TOL(g[i], (f(p.data(), n) - f(q.data(), n)) / 2e-5, 1e-6); } }

#endif
