// What: functions that throw, catch, rethrow and clean up, on the path that does not throw, and values of handlers.
// Covers: c++ exceptions; c++ std::vector; control invoke
#include "check.h"
#include "enzyme.h"
#include <stdexcept>
#include <vector>
#include <string>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
static double checked(double x) { if (x < 0) throw std::invalid_argument("negative"); return sqrt(x); }
static double plain(double x) { return checked(x) * x; }
static double caught(double x) { double r = 0; try { r = checked(x) * x; } catch (const std::exception &e) { r = -1; } return r * 2; }
static double handler_value(double x) { try { return checked(-x) ; } catch (const std::exception &) { return x * x; } }
static double in_loop(const double *p, int n) { double s = 0; for (int i = 0; i < n; i++) { try { s += checked(p[i]); } catch (...) { s += 0; } } return s; }
struct Raii { double *p; double k; Raii(double *p, double k) : p(p), k(k) {} ~Raii() { *p += k; } };
static double raii(double x) { double acc = x; { Raii r(&acc, x * x); acc *= checked(x); } return acc; }
static double rethrow(double x) { try { try { return checked(x) * 3; } catch (...) { throw; } } catch (std::exception &) { return 0; } }
static double noex(double x) noexcept { return checked(x) * x; }
static double vec(double x, int n) { std::vector<double> v; for (int i = 0; i < n; i++) v.push_back(checked(x * (i + 1))); double s = 0; for (double d : v) s += d * d; return s; }
static double at(double x, int i) { std::vector<double> v{x, 2 * x, x * x}; return v.at(i); }
static double thrower(double x) { if (x > 100) throw x; return x * x; }
static double catches_double(double x) { try { return thrower(x); } catch (double d) { return d; } }
int main(){
 double x=1.44;
 CHECK(__enzyme_autodiff((void*)plain,x),1.5*sqrt(x));
 CHECK(__enzyme_fwddiff((void*)plain,x,1.0),1.5*sqrt(x));
 CHECK(__enzyme_autodiff((void*)caught,x),3*sqrt(x));
 CHECK(__enzyme_fwddiff((void*)caught,x,1.0),3*sqrt(x));
 double p[3]={1,4,9},dp[3]={0,0,0};
 __enzyme_autodiff((void*)in_loop,enzyme_dup,p,dp,enzyme_const,3);
 CHECK(dp[0],.5); CHECK(dp[2],1/6.);
 CHECK(__enzyme_autodiff((void*)raii,x),1.5*sqrt(x)+2*x);
 CHECK(__enzyme_autodiff((void*)rethrow,x),1.5/sqrt(x));
 CHECK(__enzyme_autodiff((void*)noex,x),1.5*sqrt(x));
 CHECK(__enzyme_autodiff((void*)vec,enzyme_out,x,enzyme_const,3),6);
 CHECK(__enzyme_autodiff((void*)at,enzyme_out,x,enzyme_const,2),2*x);
 CHECK(__enzyme_autodiff((void*)catches_double,x),2*x);
 CHECK(__enzyme_autodiff((void*)handler_value,x),2*x);
 CHECK_END();
}
