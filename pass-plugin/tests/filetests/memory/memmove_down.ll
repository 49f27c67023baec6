; What: overlapping memmove towards lower addresses, of variable length
; Covers: intrinsic llvm.memmove; memory memmove down
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0], n: const i64 = 3) -> void
; seed: p = [1.0, 10.0, 100.0, 1000.0]
; grad: p = [0, 1, 10, 2100]

declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

define void @f(ptr %p, i64 %n) {
  %b = shl i64 %n, 3
  %q = getelementptr double, ptr %p, i64 1
  call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %q, i64 %b, i1 false)
  %l = getelementptr double, ptr %p, i64 3
  %v = load double, ptr %l
  %w = fmul double %v, 2.0
  store double %w, ptr %l
  ret void
}
