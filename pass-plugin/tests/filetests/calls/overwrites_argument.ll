; What: a called function overwrites memory whose old value the caller's adjoint needs
; Covers: calls overwrites argument
; diff: @f(p: dup [f64] = [1.5]) -> f64
; grad: p = [5*p[0]^4]
; opt: O0 O1 O2 opt

define internal void @g(ptr %p) noinline {
  %x = load double, ptr %p
  %q = fmul double %x, %x
  store double %q, ptr %p
  ret void
}
define double @f(ptr %p) {
  %x = load double, ptr %p
  call void @g(ptr %p)
  call void @g(ptr %p)
  %y = load double, ptr %p
  %r = fmul double %x, %y
  ret double %r
}
