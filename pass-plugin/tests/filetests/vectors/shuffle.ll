; What: shufflevector that swaps and repeats lanes
; Covers: instruction shufflevector
; diff: @f(p: dup [f64] = [3.0, 2.0], o: dup [f64] = [0.0, 0.0, 0.0, 0.0]) -> void
; seed: o = [1.0, 10.0, 100.0, 1000.0]
; grad: p = [110, 1001], o = [0, 0, 0, 0]
; opt: O0 O1 opt

define void @f(ptr %p, ptr %o) {
  %x = load <2 x double>, ptr %p, align 8
  %s = shufflevector <2 x double> %x, <2 x double> poison, <4 x i32> <i32 1, i32 0, i32 0, i32 1>
  store <4 x double> %s, ptr %o, align 8
  ret void
}
