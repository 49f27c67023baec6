; What: one buffer passed as two arguments
; Covers: aliasing same pointer twice
; diff: @f(p: dup [f64] = [3.0], q: alias p) -> f64
; value: 9
; grad: p = [2*p[0]]
; opt: O0 O1 O2 opt

define double @f(ptr %p, ptr %q) {
  %x = load double, ptr %p
  %y = load double, ptr %q
  %r = fmul double %x, %y
  ret double %r
}
