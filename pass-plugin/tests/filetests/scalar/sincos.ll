; What: sincos of C writes both results through pointers, here into memory of the caller's and a local
; Covers: function sincos
; diff: @f(x: f64 = 0.7, p: dup [f64] = [2.0]) -> f64
; grad: x = 2*cos(2*x) + cos(x), p = [0]

declare void @sincos(double, ptr, ptr)
define double @f(double %x, ptr %p) {
  %c = alloca double
  call void @sincos(double %x, ptr %p, ptr %c)
  %s = load double, ptr %p
  %k = load double, ptr %c
  %sk = fmul double %s, %k
  %two = fmul double %sk, 2.0
  %r = fadd double %two, %s
  ret double %r
}
