; What: a buffer that realloc grows, as Vec::push does
; Covers: memory realloc
; diff: @f(x: f64 = 1.5, y: f64 = 2.0) -> f64
; grad: x = 2*x*y, y = x*x
; opt: O0 O1 opt

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"
declare noalias ptr @realloc(ptr allocptr, i64) nounwind allockind("realloc") allocsize(1) "alloc-family"="malloc"
define double @f(double %x, double %y) {
  %m = call ptr @malloc(i64 8)
  %q = fmul double %x, %x
  store double %q, ptr %m
  %n = call ptr @realloc(ptr %m, i64 16)
  %b = getelementptr inbounds double, ptr %n, i64 1
  store double %y, ptr %b
  %u = load double, ptr %n
  %v = load double, ptr %b
  %r = fmul double %u, %v
  call void @free(ptr %n)
  ret double %r
}
