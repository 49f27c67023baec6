; What: a pair built and taken apart
; Covers: instruction insertvalue; instruction extractvalue
; diff: @f(x: f64 = 3.0, y: f64 = 2.0) -> f64
; grad: x = y, y = x
; opt: O0 O1 opt

define double @f(double %x, double %y) {
  %a = insertvalue { double, double } poison, double %x, 0
  %b = insertvalue { double, double } %a, double %y, 1
  %u = extractvalue { double, double } %b, 1
  %v = extractvalue { double, double } %b, 0
  %r = fmul double %u, %v
  ret double %r
}
