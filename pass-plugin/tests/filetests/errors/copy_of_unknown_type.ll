; What: a copy of memory of which nothing says what it holds
; diff: @f(p: dup [f64] = [3.0, 2.0], o: dup [f64] = [0.5, 1.5], n: const i64 = 2) -> void
; error: ER0006 "nothing says what it holds"

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define void @f(ptr %p, ptr %o, i64 %n) {
  %b = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 %b, i1 false)
  ret void
}
