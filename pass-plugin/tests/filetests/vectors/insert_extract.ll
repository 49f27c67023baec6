; What: insertelement and extractelement
; Covers: instruction insertelement; instruction extractelement
; diff: @f(x: f64 = 3.0, y: f64 = 2.0) -> f64
; grad: x = y, y = x
; opt: O0 O1 opt

define double @f(double %x, double %y) {
  %a = insertelement <2 x double> poison, double %x, i64 0
  %b = insertelement <2 x double> %a, double %y, i64 1
  %u = extractelement <2 x double> %b, i64 1
  %v = extractelement <2 x double> %b, i64 0
  %r = fmul double %u, %v
  ret double %r
}
