; What: an allocation in each iteration, freed in the same iteration
; Covers: memory malloc in a loop; memory free
; diff: @f(x: f64 = 0.9, n: const i64 = 3) -> f64
; grad: x = 8*x^7
; opt: O0 O1 O2 opt

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define internal void @put(ptr %m, double %x) noinline {
  store double %x, ptr %m
  ret void
}
define double @f(double %x, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ %x, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %m = call ptr @malloc(i64 8)
  call void @put(ptr %m, double %v)
  %u = load double, ptr %m
  %w = fmul double %u, %u
  call void @free(ptr %m)
  %i1 = add nuw nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
