; What: the same function differentiated at several points, and two functions in one file
; Covers: control two calls in sequence
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = -0.5) -> f64
; grad: x = 2*x
; diff: @g(x: f64 = 1.5, y: f64 = 2.0) -> f64
; grad: x = y*y, y = 2*x*y

define double @f(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define double @g(double %x, double %y) {
  %s = call double @f(double %y)
  %r = fmul double %s, %x
  ret double %r
}
