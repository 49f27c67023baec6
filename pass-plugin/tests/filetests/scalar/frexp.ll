; What: frexp: the mantissa is the value times a power of two that is inactive
; Covers: function frexp
; diff: @f(x: f64 = 5.0) -> f64
; value: 0.625*3
; grad: x = 3/8

declare double @frexp(double, ptr)
define double @f(double %x) {
  %t = alloca i32
  %m = call double @frexp(double %x, ptr %t)
  %e = load i32, ptr %t
  %k = sitofp i32 %e to double
  %r = fmul double %m, %k
  ret double %r
}
