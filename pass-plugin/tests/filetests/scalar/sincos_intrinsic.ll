; What: llvm.sincos returns a pair
; Covers: intrinsic llvm.sincos
; diff: @f(x: f64 = 0.7) -> f64
; grad: x = cos(x)^2 - sin(x)^2

declare { double, double } @llvm.sincos.f64(double)
define double @f(double %x) {
  %p = call { double, double } @llvm.sincos.f64(double %x)
  %s = extractvalue { double, double } %p, 0
  %c = extractvalue { double, double } %p, 1
  %r = fmul double %s, %c
  ret double %r
}
