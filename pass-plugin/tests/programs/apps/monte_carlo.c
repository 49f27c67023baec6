// What: Monte Carlo pricing with a generator of its own (integers beside floats), antithetic paths, a payoff with a kink.
// Covers: instruction integer arithmetic; instruction uitofp; control for loop
#include "check.h"
#include "enzyme.h"
#include <stdint.h>
double __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);

struct random {
  uint64_t state;
};
static double uniform(struct random *r) {
  r->state = r->state * 6364136223846793005ull + 1442695040888963407ull;
  uint32_t bits = (uint32_t)(r->state >> 33);
  return (bits + 0.5) / 2147483648.0;
}
static double normal(struct random *r) {
  double u = uniform(r), v = uniform(r);
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static double price(double spot, double strike, double rate, double sigma, int paths) {
  struct random r = {42};
  double sum = 0;
  for (int p = 0; p < paths; p++) {
    double z = normal(&r);
    for (int sign = -1; sign <= 1; sign += 2) {
      double end = spot * exp(rate - 0.5 * sigma * sigma + sigma * sign * z);
      double payoff = end - strike;
      if (payoff > 0)
        sum += payoff;
    }
  }
  return exp(-rate) * sum / (2 * paths);
}

struct greeks {
  double spot, strike, rate, sigma;
};
struct greeks __enzyme_autodiff_greeks(void *, ...);

int main(void) {
  double s = 100, k = 95, q = 0.05, v = 0.2;
  struct greeks g = __enzyme_autodiff_greeks((void *)price, enzyme_out, s, enzyme_out, k, enzyme_out, q, enzyme_out, v,
                                             enzyme_const, 500);
  /* The price is homogeneous of degree one in spot and strike. */
  CHECK(g.spot * s + g.strike * k, price(s, k, q, v, 500));
  /* d/d rate = strike * -d/d strike. */
  CHECK(g.rate, -k * g.strike);
  CHECK(g.sigma, __enzyme_fwddiff((void *)price, enzyme_const, s, enzyme_const, k, enzyme_const, q, enzyme_dup, v, 1.0,
                                  enzyme_const, 500));
  double d1 = (log(s / k) + q + v * v / 2) / v;
  CHECK_TOL(g.spot, 0.5 * erfc(-d1 / sqrt(2)), 0.05);
  CHECK_END();
}
