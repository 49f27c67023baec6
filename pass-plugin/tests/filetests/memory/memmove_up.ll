; What: overlapping memmove towards higher addresses
; Covers: intrinsic llvm.memmove; memory memmove up
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0]) -> void
; seed: p = [1.0, 10.0, 100.0, 1000.0]
; grad: p = [12, 100, 1000, 0]

declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

define void @f(ptr %p) {
  %q = getelementptr double, ptr %p, i64 1
  call void @llvm.memmove.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false)
  %v = load double, ptr %p
  %w = fmul double %v, 2.0
  store double %w, ptr %p
  ret void
}
