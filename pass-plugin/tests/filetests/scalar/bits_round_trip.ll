; What: a float that travels as an integer is still active
; Covers: instruction bitcast
; diff: @f(x: f64 = 2.5) -> f64
; grad: x = 2*x

define double @f(double %x) {
  %i = bitcast double %x to i64
  %z = freeze i64 %i
  %y = bitcast i64 %z to double
  %r = fmul double %y, %y
  ret double %r
}
