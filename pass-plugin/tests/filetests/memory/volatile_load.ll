; What: a volatile load is done once and its value kept
; Covers: instruction volatile load; memory volatile load
; diff: @f(p: dup [f64] = [3.0]) -> f64
; grad: p = [2*p[0]]
; opt: O0 O1 opt

define double @f(ptr %p) {
  %x = load volatile double, ptr %p
  %r = fmul double %x, %x
  ret double %r
}
