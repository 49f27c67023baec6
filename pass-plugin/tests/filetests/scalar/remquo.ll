; What: remquo: the quotient's low bits, written through a pointer, are inactive
; Covers: function remquo
; diff: @f(x: f64 = 7.3, y: f64 = 2.0) -> f64
; grad: x = 4, y = -16
; diff: @f(x: f64 = -6.8, y: f64 = 2.0) -> f64
; grad: x = -3, y = -9

declare double @remquo(double, double, ptr)
define double @f(double %x, double %y) {
  %q = alloca i32
  %m = call double @remquo(double %x, double %y, ptr %q)
  %n = load i32, ptr %q
  %k = sitofp i32 %n to double
  %r = fmul double %m, %k
  ret double %r
}
