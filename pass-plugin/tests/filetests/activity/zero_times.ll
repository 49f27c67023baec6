; What: a product with a zero factor still has the other factor as derivative
; Covers: activity zero times
; diff: @f(x: f64 = 0.0, y: f64 = 4.0) -> f64
; value: 0
; grad: x = y, y = 0

define double @f(double %x, double %y) {
  %r = fmul double %x, %y
  ret double %r
}
