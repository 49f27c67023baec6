; What: a struct is copied out, and only one of its fields is ever looked at
; Covers: error struct copy partly seen
; error: "nothing says what it holds at byte 8"

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @__enzyme_autodiff(ptr, ...)

define void @f(ptr %p, ptr %o) {
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 16, i1 false)
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}

; Words of this program may be two narrow floats each.
define void @narrow(ptr %p, float %x) {
  store float %x, ptr %p
  ret void
}

define void @df(ptr %p, ptr %dp, ptr %o, ptr %do) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %p, ptr %dp, ptr %o, ptr %do)
  ret void
}
