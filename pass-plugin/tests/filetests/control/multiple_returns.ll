; What: several return instructions
; Covers: control multiple returns
; diff: @f(x: f64 = 0.5) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 3
; diff: @f(x: f64 = 2.5) -> f64
; grad: x = 0-4/(x*x)
; opt: O0 O1 O2 opt

define double @f(double %x) {
entry:
  %c = fcmp olt double %x, 1.0
  br i1 %c, label %small, label %more
small:
  %a = fmul double %x, %x
  ret double %a
more:
  %d = fcmp olt double %x, 2.0
  br i1 %d, label %middle, label %large
middle:
  %b = fmul double %x, 3.0
  ret double %b
large:
  %e = fdiv double 4.0, %x
  ret double %e
}
