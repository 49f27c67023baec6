; What: a heap temporary, freed before the return but needed in reverse
; Covers: memory malloc; memory free
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 4*x^3
; opt: O0 O1 O2 opt

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define internal void @fill(ptr %m, double %x) noinline {
  %q = fmul double %x, %x
  store double %q, ptr %m
  ret void
}
define double @f(double %x) {
  %m = call ptr @malloc(i64 8)
  call void @fill(ptr %m, double %x)
  %v = load double, ptr %m
  %r = fmul double %v, %v
  call void @free(ptr %m)
  ret double %r
}
