; What: a noinline function with scalar arguments, called twice
; Covers: calls noinline scalar
; diff: @f(x: f64 = 1.5, y: f64 = 0.5) -> f64
; opt: O0 O1 O2 opt

declare double @llvm.sin.f64(double)
define internal double @g(double %x, double %y) noinline {
  %s = call double @llvm.sin.f64(double %x)
  %r = fmul double %s, %y
  ret double %r
}
define double @f(double %x, double %y) {
  %a = call double @g(double %x, double %y)
  %b = call double @g(double %a, double %x)
  %r = fmul double %a, %b
  ret double %r
}
