; What: an allocation on one path only
; Covers: memory conditional allocation
; diff: @f(x: f64 = 1.5, k: const i64 = 1) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = 1.5, k: const i64 = 0) -> f64
; grad: x = 1

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define double @f(double %x, i64 %k) {
entry:
  %c = icmp eq i64 %k, 0
  br i1 %c, label %j, label %a
a:
  %m = call ptr @malloc(i64 8)
  store volatile double %x, ptr %m
  %v = load volatile double, ptr %m
  %q = fmul double %v, %v
  call void @free(ptr %m)
  br label %j
j:
  %r = phi double [ %x, %entry ], [ %q, %a ]
  ret double %r
}
