; What: a vector intrinsic with a scalar rule
; Covers: intrinsic on vectors
; diff: @f(p: dup [f64] = [0.3, 1.2], o: dup [f64] = [0.0, 0.0]) -> void
; seed: o = [1.0, 1.0]
; grad: p = [cos(p[0]), cos(p[1])]

declare <2 x double> @llvm.sin.v2f64(<2 x double>)
define void @f(ptr %p, ptr %o) {
  %x = load <2 x double>, ptr %p, align 8
  %r = call <2 x double> @llvm.sin.v2f64(<2 x double> %x)
  store <2 x double> %r, ptr %o, align 8
  ret void
}
