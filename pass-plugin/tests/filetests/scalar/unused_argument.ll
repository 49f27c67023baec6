; What: the derivative with respect to an argument that is not used is zero
; Covers: activity unused argument
; diff: @f(x: f64 = 3.0, y: f64 = 5.0) -> f64
; grad: x = 2*x, y = 0

define double @f(double %x, double %y) {
  %r = fmul double %x, %x
  ret double %r
}
