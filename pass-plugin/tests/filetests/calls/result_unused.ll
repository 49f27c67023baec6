; What: a call whose result is unused but whose effect on memory matters
; Covers: calls result unused
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 2*x

define internal double @g(double %x, ptr %o) noinline {
  %q = fmul double %x, %x
  store double %q, ptr %o
  %c = fmul double %q, %x
  ret double %c
}
define double @f(double %x) {
  %t = alloca double
  %u = call double @g(double %x, ptr %t)
  %v = load double, ptr %t
  ret double %v
}
