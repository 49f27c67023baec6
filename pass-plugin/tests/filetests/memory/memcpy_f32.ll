; What: memcpy of single-precision floats
; Covers: memory memcpy f32
; diff: @f(p: dup [f32] = [3.0, 2.0, 0.5], o: dup [f32] = [0.0, 0.0, 0.0], n: const i64 = 3) -> f32
; grad: p = [0, 0, 1]

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define float @f(ptr %p, ptr %o, i64 %n) {
  %b = shl i64 %n, 2
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 %b, i1 false)
  %a = getelementptr float, ptr %o, i64 2
  %r = load float, ptr %a
  ret float %r
}
