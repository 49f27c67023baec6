; What: all four operations and a negation in one expression, with values used twice
; Covers: instruction fdiv
; diff: @f(x: f64 = 1.5, y: f64 = 0.7) -> f64
; diff: @f(x: f64 = -0.3, y: f64 = 2.0) -> f64
; opt: O0 O1 O2 opt

define double @f(double %x, double %y) {
  %s = fadd double %x, %y
  %d = fsub double %x, %y
  %p = fmul double %s, %d
  %q = fdiv double %p, %s
  %n = fneg double %q
  %m = fmul double %n, %p
  %r = fsub double %m, %x
  ret double %r
}
