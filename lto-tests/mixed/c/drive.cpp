// C++ that asks for derivatives of Rust functions, and a template that calls back into Rust.
extern int enzyme_dup, enzyme_const, enzyme_out;
template <class Result, class... Args> Result __enzyme_autodiff(void *, Args...);
template <class Result, class... Args> Result __enzyme_fwddiff(void *, Args...);

extern "C" double rust_energy(const double *x, unsigned long n);
extern "C" double rust_step(double x, double rate);

// Rust's step calls C's `c_damp` in turn.
template <double (*Step)(double, double)> static double repeat(double x, double rate, int times) {
  double sum = 0;
  for (int i = 0; i < times; i++) {
    x = Step(x, rate);
    sum += x;
  }
  return sum;
}

extern "C" double cpp_repeat(double x, double rate, int times) { return repeat<rust_step>(x, rate, times); }

extern "C" void cpp_gradient_of_rust(const double *x, double *grad, unsigned long n) {
  __enzyme_autodiff<double>((void *)rust_energy, enzyme_dup, x, grad, enzyme_const, n);
}

struct Partials {
  double x, rate;
};

extern "C" Partials cpp_gradient_of_repeat(double x, double rate, int times) {
  return __enzyme_autodiff<Partials>((void *)cpp_repeat, enzyme_out, x, enzyme_out, rate, enzyme_const, times);
}

extern "C" double cpp_tangent_of_repeat(double x, double dx, double rate, int times) {
  return __enzyme_fwddiff<double>((void *)cpp_repeat, enzyme_dup, x, dx, enzyme_const, rate, enzyme_const, times);
}
