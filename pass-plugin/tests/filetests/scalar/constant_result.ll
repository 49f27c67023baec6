; What: a result that does not depend on the argument
; Covers: activity constant result
; diff: @f(x: f64 = 3.0) -> f64
; grad: x = 0
; opt: O0 O1 O2 opt

define double @f(double %x) {
  ret double 4.0
}
