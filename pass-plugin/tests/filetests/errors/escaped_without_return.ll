; What: locals that are handed to other functions, in a function that never returns: a copy would not be valid IR
; Covers: errors llvm.localescape
; error: "ER0007" "llvm.localescape"

define void @f(ptr %x) {
entry:
  %a = alloca double
  call void (...) @llvm.localescape(ptr %a)
  br label %forever
forever:
  br label %forever
}

declare void @llvm.localescape(...)

@enzyme_dup = external global i32
declare void @__enzyme_fwddiff(...)

define void @caller(ptr %x, ptr %dx) {
  %dup = load i32, ptr @enzyme_dup
  call void (...) @__enzyme_fwddiff(ptr @f, i32 %dup, ptr %x, ptr %dx)
  ret void
}
