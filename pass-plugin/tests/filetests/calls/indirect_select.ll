; What: a call through a pointer that is one of two known functions
; Covers: calls indirect select
; diff: @f(x: f64 = 1.5, k: const i64 = 1) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = 1.5, k: const i64 = 0) -> f64
; grad: x = 3*x*x

define internal double @g(double %x) noinline {
  %r = fmul double %x, %x
  ret double %r
}
define internal double @h(double %x) noinline {
  %s = fmul double %x, %x
  %r = fmul double %s, %x
  ret double %r
}
define double @f(double %x, i64 %k) {
  %c = icmp eq i64 %k, 1
  %p = select i1 %c, ptr @g, ptr @h
  %r = call double %p(double %x)
  ret double %r
}
