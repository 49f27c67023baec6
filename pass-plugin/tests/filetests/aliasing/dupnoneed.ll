; What: an output whose primal value is not needed
; Covers: aliasing dupnoneed
; diff: @f(x: f64 = 3.0, o: dupnoneed [f64] = [0.0]) -> void
; seed: o = [1.0]
; grad: x = 2*x, o = [0]

define void @f(double %x, ptr %o) {
  %q = fmul double %x, %x
  store double %q, ptr %o
  ret void
}
