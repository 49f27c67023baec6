; What: a value read through one pointer and overwritten through another that may alias
; Covers: aliasing overwritten through other pointer
; diff: @f(p: dup [f64] = [3.0], q: alias p) -> f64
; diff: @f(p: dup [f64] = [3.0], q: dup [f64] = [2.0]) -> f64

define double @f(ptr %p, ptr %q) {
  %x = load double, ptr %p
  %s = fmul double %x, %x
  store double %s, ptr %q
  %y = load double, ptr %p
  %r = fmul double %s, %y
  %t = fmul double %r, %x
  ret double %t
}
