; What: modf: the fractional part has slope one, the integral part written through a pointer none
; Covers: function modf
; diff: @f(x: f64 = 2.7) -> f64
; value: 0.7*2
; grad: x = 2

declare double @modf(double, ptr)
define double @f(double %x) {
  %t = alloca double
  %f = call double @modf(double %x, ptr %t)
  %i = load double, ptr %t
  %r = fmul double %f, %i
  ret double %r
}
