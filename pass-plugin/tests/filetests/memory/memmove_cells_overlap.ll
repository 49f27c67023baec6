; What: an overlapping memmove of a few cells that are each known by their offset: the adjoint goes the other way round
; Covers: intrinsic llvm.memmove; memory overlapping copy
; diff: @down(p: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) -> f64
; grad: p = [0, 0, 2, 0, 0, 3]
; diff: @up(p: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) -> f64
; grad: p = [2, 0, 0, 3, 0, 0]

declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

define double @down(ptr %p) {
  %from = getelementptr i8, ptr %p, i64 16
  call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %from, i64 32, i1 false)
  %a = load double, ptr %p
  %q = getelementptr i8, ptr %p, i64 40
  %b = load double, ptr %q
  %a2 = fmul double %a, 2.0
  %b3 = fmul double %b, 3.0
  %r = fadd double %a2, %b3
  ret double %r
}

define double @up(ptr %p) {
  %to = getelementptr i8, ptr %p, i64 16
  call void @llvm.memmove.p0.p0.i64(ptr %to, ptr %p, i64 32, i1 false)
  %a = load double, ptr %to
  %q = getelementptr i8, ptr %p, i64 40
  %b = load double, ptr %q
  %a2 = fmul double %a, 2.0
  %b3 = fmul double %b, 3.0
  %r = fadd double %a2, %b3
  ret double %r
}
