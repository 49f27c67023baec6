; What: element-wise arithmetic on <2 x double>
; Covers: instruction fadd on vectors; instruction fmul on vectors
; diff: @f(p: dup [f64] = [3.0, 2.0], q: dup [f64] = [0.5, -1.0], o: dup [f64] = [0.0, 0.0]) -> void
; seed: o = [1.0, 10.0]
; grad: p = [2*p[0]*q[0], 20*p[1]*q[1]], q = [p[0]^2, 10*p[1]^2]
; opt: O0 O1 opt

define void @f(ptr %p, ptr %q, ptr %o) {
  %x = load <2 x double>, ptr %p, align 8
  %y = load <2 x double>, ptr %q, align 8
  %a = fmul <2 x double> %x, %x
  %b = fmul <2 x double> %a, %y
  store <2 x double> %b, ptr %o, align 8
  ret void
}
