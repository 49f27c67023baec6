; What: freeze passes the derivative through
; Covers: instruction freeze
; diff: @f(x: f64 = 2.5) -> f64
; grad: x = 2*x

define double @f(double %x) {
  %z = freeze double %x
  %r = fmul double %z, %z
  ret double %r
}
