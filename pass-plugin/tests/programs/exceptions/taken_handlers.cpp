// What: exceptions that are thrown and caught in the differentiated function: what was done before counts, what the handler does too.
// Covers: c++ exceptions; control landingpad
#include "check.h"
#include "enzyme.h"
#include <stdexcept>
#include <vector>
#include <string>
#include <memory>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
__attribute__((noinline)) static double checked(double x) { if (x < 0) throw std::invalid_argument("negative"); return sqrt(x); }
__attribute__((noinline)) static void scale(double *p, int n, double k) { for (int i = 0; i < n; i++) { if (p[i] > 100) throw std::runtime_error("large"); p[i] *= k; } }
// exception taken: what was done before it stays, what the handler does is differentiated
static double partial(double *p, int n, double x) { double r = x; try { scale(p, n, x); r *= 5; } catch (const std::runtime_error &) { r = x * x; } for (int i = 0; i < n; i++) r += p[i]; return r; }
static double taken(double x) { double r = x; try { r *= 2; r = r * checked(-x); } catch (std::exception &) { r += x * x; } return r; }
static double loop(const double *p, int n) { double s = 1; for (int i = 0; i < n; i++) { try { s *= checked(p[i]); } catch (const std::invalid_argument &) { s *= p[i] * p[i]; } } return s; }
static double nested(double x, double y) { double r = 0; try { try { r = checked(y) * x; } catch (std::runtime_error &) { r = -1; } } catch (std::invalid_argument &) { try { r = checked(x) + checked(y); } catch (...) { r = x * x * x; } } return r; }
struct Guard { double *p; double k; Guard(double *p, double k) : p(p), k(k) {} ~Guard() { *p *= k; } };
static double guard(double x, double y) { double a = x; try { Guard g(&a, x); a = checked(y) * x; } catch (...) { a += 1; } return a; }
static double throws_double(double x) { try { if (x > 1) throw x * 2; return x; } catch (double d) { return 7; } }
static double indirect(double (*f)(double), double x) { try { return f(x) * x; } catch (...) { return x; } }
static double rethrow(double x, double y) { double r = x; try { try { r = checked(y); } catch (...) { r = x * 2; throw; } } catch (...) { r *= x; } return r; }
static double make(double x, int n) { auto v = std::make_unique<std::vector<double>>(); for (int i = 0; i < n; i++) v->push_back(x * i); if (v->at(1) < 0) throw 3; return v->at(2) * v->at(1); }
static double outer(double x) { try { return make(x, 3); } catch (int) { return x * x * x; } }
static double fn_try(double x) try { return checked(x); } catch (...) { return 2 * x; }
static double strings(double x, const char *name) { std::string s(name); s += "abc"; if (s.size() > 100) throw std::runtime_error(s); return x * s.size(); }
static double alloc(double x, int n) { double *p = new double[n]; for (int i = 0; i < n; i++) p[i] = x * i; double s = 0; for (int i = 0; i < n; i++) s += p[i] * p[i]; delete[] p; return s; }
int main() {
  double x = 1.44;
  double p[3] = {1, 200, 3}, d[3] = {0, 0, 0};
  double dx = __enzyme_autodiff((void *)partial, enzyme_dup, p, d, enzyme_const, 3, enzyme_out, x);
  CHECK(p[0], x); CHECK(p[1], 200); CHECK(dx, 2 * x + 1); CHECK(d[0], x); CHECK(d[1], 1);
  double q[3] = {1, 2, 3}, e[3] = {0, 0, 0};
  dx = __enzyme_autodiff((void *)partial, enzyme_dup, q, e, enzyme_const, 3, enzyme_out, x);
  CHECK(dx, 5 + 6); CHECK(e[0], x);
  CHECK(__enzyme_autodiff((void *)taken, x), 2 + 2 * x);
  CHECK(__enzyme_fwddiff((void *)taken, x, 1.0), 2 + 2 * x);
  double a[4] = {4, -3, 9, -2}, da[4] = {0};
  __enzyme_autodiff((void *)loop, enzyme_dup, a, da, enzyme_const, 4);
  double s = 2 * 9 * 3 * 4;
  CHECK(da[0], s / 2 / 4); CHECK(da[1], s * 2 / -3.); CHECK(da[2], s / 2 / 9); CHECK(da[3], s * 2 / -2.);
  double ta[4] = {0, 1, 0, 0}; 
  CHECK(__enzyme_fwddiff((void *)loop, enzyme_dup, a, ta, enzyme_const, 4), s * 2 / -3.);
  CHECK(__enzyme_autodiff((void *)nested, enzyme_out, x, enzyme_const, 4.0), 2);
  CHECK(__enzyme_autodiff((void *)nested, enzyme_out, x, enzyme_const, -4.0), 3 * x * x);
  CHECK(__enzyme_autodiff((void *)guard, enzyme_out, x, enzyme_const, 4.0), 4 * x);
  CHECK(__enzyme_autodiff((void *)guard, enzyme_out, x, enzyme_const, -4.0), 2 * x);
  CHECK(__enzyme_autodiff((void *)throws_double, 0.5), 1);
  CHECK(__enzyme_autodiff((void *)throws_double, 1.5), 0);
  CHECK(__enzyme_autodiff((void *)indirect, enzyme_const, checked, enzyme_out, x), 1.5 * sqrt(x));
  CHECK(__enzyme_autodiff((void *)indirect, enzyme_const, checked, enzyme_out, -x), 1);
  CHECK(__enzyme_autodiff((void *)rethrow, enzyme_out, x, enzyme_const, -4.0), 4 * x);
  CHECK(__enzyme_autodiff((void *)outer, x), 4 * x);
  CHECK(__enzyme_autodiff((void *)outer, -x), 3 * x * x);
  CHECK(__enzyme_autodiff((void *)fn_try, x), .5 / sqrt(x));
  CHECK(__enzyme_autodiff((void *)fn_try, -x), 2);
  CHECK(__enzyme_autodiff((void *)strings, enzyme_out, x, enzyme_const, "hello"), 8);
  CHECK(__enzyme_autodiff((void *)alloc, enzyme_out, x, enzyme_const, 4), 28 * x);
  CHECK_END();
}
