; What: a value read, changed and written to another place
; Covers: instruction load; instruction store; memory load store
; diff: @f(p: dup [f64] = [3.0], o: dup [f64] = [7.0]) -> void
; seed: o = [1.0]
; grad: p = [2*p[0]], o = [0]
; opt: O0 O1 O2 opt

define void @f(ptr %p, ptr %o) {
  %x = load double, ptr %p
  %r = fmul double %x, %x
  store double %r, ptr %o
  ret void
}
