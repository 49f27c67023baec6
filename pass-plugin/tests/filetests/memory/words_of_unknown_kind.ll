; What: a struct is copied out, and nothing says what its fields are; where all floats are doubles, each word says it itself
; Covers: types copies of untyped memory
; diff: @f(p: dup [f64] = [1.5, -2.0, 4.0], o: dup [f64] = [0.5, 0.25, 3.0]) -> void
; diff: @g(p: dup [f64] = [1.5, -2.0, 4.0], o: dup [f64] = [0.5, 0.25, 3.0]) -> void

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define void @f(ptr %p, ptr %o) {
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 24, i1 false)
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}

define void @g(ptr %p, ptr %o) {
  %q = getelementptr i8, ptr %p, i64 16
  %a = load i64, ptr %p
  %b = load i64, ptr %q
  %r = getelementptr i8, ptr %o, i64 8
  store i64 %b, ptr %o
  store i64 %a, ptr %r
  ret void
}
