; What: compiler-rt's complex product, which C's `*` calls where a factor may be infinite
; Covers: function __muldc3
; diff: @f(a: f64 = 1.5, b: f64 = -0.5, c: f64 = 0.75, d: f64 = 2.0) -> {f64, f64}
; diff: @g(a: f64 = 1.5, b: f64 = -0.5, c: f64 = 0.75, d: f64 = 2.0) -> f64
; value: (a*c - b*d)*(a*d + b*c)
; grad: a = c*(a*d + b*c) + d*(a*c - b*d), b = c*(a*c - b*d) - d*(a*d + b*c), c = a*(a*d + b*c) + b*(a*c - b*d), d = a*(a*c - b*d) - b*(a*d + b*c)

declare { double, double } @__muldc3(double, double, double, double)
define { double, double } @f(double %a, double %b, double %c, double %d) {
  %r = call { double, double } @__muldc3(double %a, double %b, double %c, double %d)
  ret { double, double } %r
}
define double @g(double %a, double %b, double %c, double %d) {
  %p = call { double, double } @__muldc3(double %a, double %b, double %c, double %d)
  %u = extractvalue { double, double } %p, 0
  %v = extractvalue { double, double } %p, 1
  %r = fmul double %u, %v
  ret double %r
}
