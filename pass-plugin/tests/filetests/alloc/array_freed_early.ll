; What: a heap array of run-time size that is freed before its values are needed
; Covers: memory free before the reverse sweep
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; opt: O0 O1 O2 opt

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define double @f(ptr %p, i64 %n) {
entry:
  %bytes = shl i64 %n, 3
  %m = call ptr @malloc(i64 %bytes)
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %b = getelementptr inbounds double, ptr %m, i64 %i
  store double %q, ptr %b
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %g, label %l
g:
  %j = phi i64 [ 0, %l ], [ %j1, %g ]
  %s = phi double [ 1.0, %l ], [ %s1, %g ]
  %e = getelementptr inbounds double, ptr %m, i64 %j
  %y = load double, ptr %e
  %s1 = fmul double %s, %y
  %j1 = add nuw nsw i64 %j, 1
  %c2 = icmp eq i64 %j1, %n
  br i1 %c2, label %d, label %g
d:
  call void @free(ptr %m)
  %r = fmul double %s1, %s1
  ret double %r
}
