; What: memcpy of a length known at run time
; Covers: intrinsic llvm.memcpy; memory memcpy variable
; diff: @f(p: dup [f64] = [3.0, 2.0, 1.0], o: dup [f64] = [0.5, 1.5, 2.5], n: const i64 = 2) -> void
; seed: o = [1.0, 2.0, 4.0]
; grad: p = [2, 2, 0], o = [0, 0, 4]
; diff: @f(p: dup [f64] = [3.0], o: dup [f64] = [0.5], n: const i64 = 0) -> void
; seed: o = [1.0]
; grad: p = [0], o = [2]

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define void @f(ptr %p, ptr %o, i64 %n) {
  %b = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 %b, i1 false)
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}
