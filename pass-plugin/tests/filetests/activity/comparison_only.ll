; What: a value that is only compared has no derivative
; Covers: activity comparison only
; diff: @f(x: f64 = 1.5, y: f64 = 4.0) -> f64
; grad: x = 1, y = 0

define double @f(double %x, double %y) {
  %c = fcmp ogt double %y, 2.0
  %k = uitofp i1 %c to double
  %r = fmul double %x, %k
  ret double %r
}
