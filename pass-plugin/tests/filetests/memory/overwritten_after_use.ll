; What: an input is used non-linearly and then overwritten with a constant
; Covers: memory overwritten after use
; diff: @f(p: dup [f64] = [1.3]) -> f64
; grad: p = [cos(p[0])]
; opt: O0 O1 opt

declare double @llvm.sin.f64(double)
define double @f(ptr %p) {
  %x = load double, ptr %p
  %r = call double @llvm.sin.f64(double %x)
  store double 5.0, ptr %p
  ret double %r
}
