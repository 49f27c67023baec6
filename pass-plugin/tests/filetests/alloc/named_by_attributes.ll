; What: allocation functions with arbitrary names, recognised by allockind
; Covers: memory allockind attribute
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 4*x^3

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define internal noalias ptr @grab(i64 %n) noinline nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="arena" {
  %p = call ptr @malloc(i64 %n)
  ret ptr %p
}
define internal void @drop(ptr allocptr %p) noinline nounwind allockind("free") "alloc-family"="arena" {
  call void @free(ptr %p)
  ret void
}
define double @f(double %x) {
  %m = call ptr @grab(i64 16)
  %q = fmul double %x, %x
  %b = getelementptr inbounds double, ptr %m, i64 1
  store double %q, ptr %b
  %v = load volatile double, ptr %b
  %r = fmul double %v, %v
  call void @drop(ptr %m)
  ret double %r
}
