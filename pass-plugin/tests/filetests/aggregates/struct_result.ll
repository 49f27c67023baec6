; What: a differentiated function that returns a pair: both results are seeded with one
; Covers: aggregates struct result
; diff: @f(x: f64 = 3.0, y: f64 = 2.0) -> {f64, f64}
; grad: x = y + 1, y = x + 1

define { double, double } @f(double %x, double %y) {
  %s = fadd double %x, %y
  %p = fmul double %x, %y
  %a = insertvalue { double, double } poison, double %s, 0
  %b = insertvalue { double, double } %a, double %p, 1
  ret { double, double } %b
}
