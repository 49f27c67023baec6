; What: llvm.vector.reduce.fadd of products
; Covers: intrinsic llvm.vector.reduce.fadd
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0]) -> f64
; value: 30.5
; grad: p = [2*p[0], 2*p[1], 2*p[2], 2*p[3]]
; opt: O0 O1 opt

declare double @llvm.vector.reduce.fadd.v4f64(double, <4 x double>)
define double @f(ptr %p) {
  %x = load <4 x double>, ptr %p, align 8
  %q = fmul <4 x double> %x, %x
  %r = call double @llvm.vector.reduce.fadd.v4f64(double 0.5, <4 x double> %q)
  ret double %r
}
