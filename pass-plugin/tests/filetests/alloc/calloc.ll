; What: zeroed memory from calloc that is accumulated into
; Covers: memory calloc
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; grad: p = [2*(p[0] + p[2]), 2*p[1], 2*(p[0] + p[2])]

declare noalias ptr @calloc(i64, i64) nounwind allockind("alloc,zeroed") allocsize(0,1) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"
define double @f(ptr %p, i64 %n) {
entry:
  %m = call ptr @calloc(i64 2, i64 8)
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %k = and i64 %i, 1
  %b = getelementptr inbounds double, ptr %m, i64 %k
  %s = load double, ptr %b
  %s1 = fadd double %s, %x
  store double %s1, ptr %b
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %u = load double, ptr %m
  %va = getelementptr inbounds double, ptr %m, i64 1
  %v = load double, ptr %va
  call void @free(ptr %m)
  %uu = fmul double %u, %u
  %vv = fmul double %v, %v
  %r = fadd double %uu, %vv
  ret double %r
}
