; What: a callee and a primal that are marked optnone noinline, as clang -O0 writes them
; Covers: calls optnone
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 4*x^3
; opt: O0 O1 opt

define internal double @g(double %x) noinline optnone {
  %t = alloca double
  store double %x, ptr %t
  %a = load double, ptr %t
  %b = load double, ptr %t
  %r = fmul double %a, %b
  ret double %r
}
define double @f(double %x) noinline optnone {
  %t = alloca double
  store double %x, ptr %t
  %a = load double, ptr %t
  %b = call double @g(double %a)
  store double %b, ptr %t
  %c = load double, ptr %t
  %r = fmul double %c, %c
  ret double %r
}
