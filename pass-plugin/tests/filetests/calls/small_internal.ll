; What: a small internal function
; Covers: calls small internal
; diff: @f(x: f64 = 1.5, y: f64 = 0.5) -> f64
; value: 2.25 + 0.25
; grad: x = 2*x, y = 2*y
; opt: O0 O1 O2 opt

define internal double @sq(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define double @f(double %x, double %y) {
  %a = call double @sq(double %x)
  %b = call double @sq(double %y)
  %r = fadd double %a, %b
  ret double %r
}
