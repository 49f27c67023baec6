; What: compiler-rt's complex quotient, which C's `/` calls
; Covers: function __divdc3
; diff: @f(a: f64 = 1.5, b: f64 = -0.5, c: f64 = 0.75, d: f64 = 2.0) -> {f64, f64}
; diff: @g(a: f64 = -0.5, b: f64 = 2.5, c: f64 = 1.25, d: f64 = -0.75) -> f64
; value: (a*c + b*d)*(b*c - a*d)/(c*c + d*d)^2
; grad: a = (c*(b*c - a*d) - d*(a*c + b*d))/(c*c + d*d)^2, b = (d*(b*c - a*d) + c*(a*c + b*d))/(c*c + d*d)^2, c = (a*(b*c - a*d) + b*(a*c + b*d))/(c*c + d*d)^2 - 4*c*(a*c + b*d)*(b*c - a*d)/(c*c + d*d)^3, d = (b*(b*c - a*d) - a*(a*c + b*d))/(c*c + d*d)^2 - 4*d*(a*c + b*d)*(b*c - a*d)/(c*c + d*d)^3

declare { double, double } @__divdc3(double, double, double, double)
define { double, double } @f(double %a, double %b, double %c, double %d) {
  %r = call { double, double } @__divdc3(double %a, double %b, double %c, double %d)
  ret { double, double } %r
}
define double @g(double %a, double %b, double %c, double %d) {
  %p = call { double, double } @__divdc3(double %a, double %b, double %c, double %d)
  %u = extractvalue { double, double } %p, 0
  %v = extractvalue { double, double } %p, 1
  %r = fmul double %u, %v
  ret double %r
}
