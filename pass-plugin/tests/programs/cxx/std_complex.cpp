// What: std::complex<double> and <float>: products, quotients, abs, norm, exp, polar, conj, iteration.
// Covers: c++ std::complex
#include "check.h"
#include "enzyme.h"
#include <complex>

typedef std::complex<double> Complex;

static double iterate(double re, double im, int n) {
  Complex z(0, 0), c(re, im);
  for (int i = 0; i < n; i++)
    z = z * z + c;
  return std::norm(z);
}

static double mixed(double x, double y) {
  Complex z(x, y), w = std::exp(z) * std::conj(z) / (z + Complex(2, 1));
  return w.real() + std::abs(w) + std::arg(z);
}

static float single(float x, float y) {
  std::complex<float> z(x, y);
  z *= z;
  z -= 1.0f;
  return std::real(z) * std::imag(z);
}

struct pair {
  double x, y;
};
struct fpair {
  float x, y;
};

int main() {
  double re = 0.1, im = 0.2;
  auto g = __enzyme_autodiff<pair>((void *)iterate, enzyme_out, re, enzyme_out, im, enzyme_const, 5);
  Complex z(0, 0), c(re, im), dz(0, 0);
  for (int i = 0; i < 5; i++) {
    dz = 2.0 * z * dz + 1.0;
    z = z * z + c;
  }
  // d|z|^2/d re = 2 Re(conj(z) dz), d/d im = 2 Re(conj(z) i dz)
  CHECK(g.x, 2 * (std::conj(z) * dz).real());
  CHECK(g.y, 2 * (std::conj(z) * Complex(0, 1) * dz).real());
  auto m = __enzyme_autodiff<pair>((void *)mixed, enzyme_out, 0.7, enzyme_out, -0.3);
  CHECK(m.x, __enzyme_fwddiff<double>((void *)mixed, enzyme_dup, 0.7, 1.0, enzyme_const, -0.3));
  CHECK(m.y, __enzyme_fwddiff<double>((void *)mixed, enzyme_const, 0.7, enzyme_dup, -0.3, 1.0));
  double h = 1e-5;
  CHECK_TOL(m.x, (mixed(0.7 + h, -0.3) - mixed(0.7 - h, -0.3)) / (2 * h), 1e-8);
  CHECK_TOL(m.y, (mixed(0.7, -0.3 + h) - mixed(0.7, -0.3 - h)) / (2 * h), 1e-8);
  // (x^2 - y^2 - 1) * 2xy
  auto s = __enzyme_autodiff<fpair>((void *)single, enzyme_out, 1.5f, enzyme_out, 0.5f);
  CHECK_TOL(s.x, 2 * 0.5 * (3 * 1.5 * 1.5 - 0.25 - 1), 1e-6);
  CHECK_TOL(s.y, 2 * 1.5 * (2.25 - 3 * 0.25 - 1), 1e-6);
  CHECK_END();
}
