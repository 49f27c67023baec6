; What: a lane-wise select by a lane-wise comparison
; Covers: instruction select on vectors
; diff: @f(p: dup [f64] = [3.0, -2.0], o: dup [f64] = [0.0, 0.0]) -> void
; seed: o = [1.0, 1.0]
; grad: p = [2*p[0], 3]

define void @f(ptr %p, ptr %o) {
  %x = load <2 x double>, ptr %p, align 8
  %q = fmul <2 x double> %x, %x
  %t = fmul <2 x double> %x, splat (double 3.0)
  %c = fcmp ogt <2 x double> %x, zeroinitializer
  %r = select <2 x i1> %c, <2 x double> %q, <2 x double> %t
  store <2 x double> %r, ptr %o, align 8
  ret void
}
