; What: a function without a body that gets a pointer to active memory
; Covers: error extern pointer
; error: "fill_it"

declare void @fill_it(ptr)
declare void @__enzyme_autodiff(ptr, ...)
define double @f(ptr %p) {
  call void @fill_it(ptr %p)
  %r = load double, ptr %p
  ret double %r
}
define void @df(ptr %p, ptr %d) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %p, ptr %d)
  ret void
}
