; What: a noinline function that returns a pair
; Covers: calls returns struct
; diff: @f(x: f64 = 1.5, y: f64 = 2.0) -> f64
; value: 3.5*3
; grad: x = 2*x*y + y*y, y = x*x + 2*x*y
; opt: O0 O1 opt

define internal { double, double } @g(double %x, double %y) noinline {
  %s = fadd double %x, %y
  %p = fmul double %x, %y
  %a = insertvalue { double, double } undef, double %s, 0
  %b = insertvalue { double, double } %a, double %p, 1
  ret { double, double } %b
}
define double @f(double %x, double %y) {
  %g = call { double, double } @g(double %x, double %y)
  %s = extractvalue { double, double } %g, 0
  %p = extractvalue { double, double } %g, 1
  %r = fmul double %s, %p
  ret double %r
}
