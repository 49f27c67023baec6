; What: product of two by-value floats
; Covers: instruction fmul
; diff: @f(x: f64 = 3.0, y: f64 = 5.0) -> f64
; value: 15
; grad: x = y, y = x
; opt: O0 O1 O2 opt

define double @f(double %x, double %y) {
  %r = fmul double %x, %y
  ret double %r
}
