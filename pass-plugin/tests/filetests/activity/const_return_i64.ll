; What: a function whose result is an integer: only memory carries derivatives
; Covers: activity const return i64
; diff: @f(x: f64 = 1.5, o: dup [f64] = [0.0]) -> i64
; seed: o = [1.0]
; grad: x = 2*x, o = [0]

define i64 @f(double %x, ptr %o) {
  %q = fmul double %x, %x
  store double %q, ptr %o
  ret i64 7
}
