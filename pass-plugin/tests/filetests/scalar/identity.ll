; What: the argument itself is the result
; Covers: activity identity
; diff: @f(x: f64 = 3.0) -> f64
; grad: x = 1
; opt: O0 O1 O2 opt

define double @f(double %x) {
  ret double %x
}
