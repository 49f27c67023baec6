; What: x[0] *= x[0] in place
; Covers: memory in place square
; diff: @f(p: dup [f64] = [3.0]) -> void
; seed: p = [1.0]
; grad: p = [2*p[0]]

define void @f(ptr %p) {
  %x = load double, ptr %p
  %r = fmul double %x, %x
  store double %r, ptr %p
  ret void
}
