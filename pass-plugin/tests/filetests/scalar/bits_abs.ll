; What: absolute value by masking the sign bit of the integer representation
; Covers: instruction and on float bits
; diff: @f(x: f64 = -2.5) -> f64
; value: 2.5
; grad: x = -1
; diff: @f(x: f64 = 2.5) -> f64
; grad: x = 1

define double @f(double %x) {
  %i = bitcast double %x to i64
  %m = and i64 %i, 9223372036854775807
  %r = bitcast i64 %m to double
  ret double %r
}
