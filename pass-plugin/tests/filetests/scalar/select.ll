; What: select between two active values by an active comparison
; Covers: instruction select
; diff: @f(x: f64 = 2.0, y: f64 = 3.0) -> f64
; grad: x = 2*x, y = 0
; diff: @f(x: f64 = 4.0, y: f64 = 3.0) -> f64
; grad: x = y, y = x
; opt: O0 O1 O2 opt

define double @f(double %x, double %y) {
  %a = fmul double %x, %x
  %b = fmul double %x, %y
  %c = fcmp olt double %x, %y
  %r = select i1 %c, double %a, double %b
  ret double %r
}
