; What: a void function that writes its result through a pointer to a local
; Covers: calls void out pointer
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 4*x^3
; opt: O0 O1 O2 opt

define internal void @g(double %x, ptr %o) noinline {
  %q = fmul double %x, %x
  store double %q, ptr %o
  ret void
}
define double @f(double %x) {
  %t = alloca double
  call void @g(double %x, ptr %t)
  %v = load double, ptr %t
  %r = fmul double %v, %v
  ret double %r
}
