; What: atomicrmw fadd on active memory
; Covers: instruction atomicrmw fadd; memory atomic add
; diff: @f(x: f64 = 3.0, o: dup [f64] = [0.5]) -> void
; seed: o = [1.0]
; grad: x = 2*x, o = [1]

define void @f(double %x, ptr %o) {
  %q = fmul double %x, %x
  %old = atomicrmw fadd ptr %o, double %q monotonic
  ret void
}
