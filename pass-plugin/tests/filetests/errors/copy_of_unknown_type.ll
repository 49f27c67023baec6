; What: a copy of memory of which nothing says what it holds
; Covers: error copy of unknown type
; error: "nothing says what it holds"

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @__enzyme_autodiff(ptr, ...)

define void @f(ptr %p, ptr %o, i64 %n) {
  %b = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 %b, i1 false)
  ret void
}

define void @df(ptr %p, ptr %dp, ptr %o, ptr %do, i64 %n) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %p, ptr %dp, ptr %o, ptr %do, i64 %n)
  ret void
}
