; What: a libm call inside a noinline function
; Covers: calls declared rule in callee
; diff: @f(x: f64 = 0.7) -> f64
; grad: x = 2*tanh(x)*(1 - tanh(x)^2)

declare double @tanh(double)
define internal double @g(double %x) noinline {
  %r = call double @tanh(double %x)
  ret double %r
}
define double @f(double %x) {
  %a = call double @g(double %x)
  %r = fmul double %a, %a
  ret double %r
}
