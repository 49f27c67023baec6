; What: a duplicated argument without its shadow
; Covers: error missing shadow
; error: "shadow"

@enzyme_dup = external global i32
@enzyme_const = external global i32

declare void @__enzyme_autodiff(ptr, ...)
define double @f(ptr %p) {
  %x = load double, ptr %p
  %r = fmul double %x, %x
  ret double %r
}
define void @df(ptr %p) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_dup, ptr %p)
  ret void
}
