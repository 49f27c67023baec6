; What: the allocation functions of Rust by their plain names
; Covers: memory __rust_alloc
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; value: 6
; grad: p = [2*p[0]*(p[0] + p[1] + p[2]) + p[0]^2, p[0]^2, p[0]^2]
; opt: O0 O1 O2 opt

declare noalias ptr @malloc(i64) nounwind
declare noalias ptr @calloc(i64, i64) nounwind
declare ptr @realloc(ptr, i64) nounwind
declare void @free(ptr) nounwind
define internal noalias ptr @__rust_alloc(i64 %size, i64 allocalign %align) noinline nounwind allockind("alloc,uninitialized,aligned") allocsize(0) "alloc-family"="__rust_alloc" {
  %p = call ptr @malloc(i64 %size)
  ret ptr %p
}
define internal noalias ptr @__rust_alloc_zeroed(i64 %size, i64 allocalign %align) noinline nounwind allockind("alloc,zeroed,aligned") allocsize(0) "alloc-family"="__rust_alloc" {
  %p = call ptr @calloc(i64 1, i64 %size)
  ret ptr %p
}
define internal void @__rust_dealloc(ptr allocptr %p, i64 %size, i64 %align) noinline nounwind allockind("free") "alloc-family"="__rust_alloc" {
  call void @free(ptr %p)
  ret void
}
define internal noalias ptr @__rust_realloc(ptr allocptr %p, i64 %old, i64 allocalign %align, i64 %new) noinline nounwind allockind("realloc,aligned") allocsize(3) "alloc-family"="__rust_alloc" {
  %q = call ptr @realloc(ptr %p, i64 %new)
  ret ptr %q
}

define double @f(ptr %p, i64 %n) {
entry:
  %bytes = shl i64 %n, 3
  %m = call ptr @__rust_alloc(i64 %bytes, i64 8)
  %z = call ptr @__rust_alloc_zeroed(i64 16, i64 8)
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %b = getelementptr inbounds double, ptr %m, i64 %i
  store double %q, ptr %b
  %old = load double, ptr %z
  %new = fadd double %old, %x
  store double %new, ptr %z
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %big = add i64 %bytes, 8
  %r = call ptr @__rust_realloc(ptr %m, i64 %bytes, i64 8, i64 %big)
  %lasta = getelementptr inbounds double, ptr %r, i64 %n
  %sum = load double, ptr %z
  store double %sum, ptr %lasta
  %first = load double, ptr %r
  %last = load double, ptr %lasta
  %v = fmul double %first, %last
  call void @__rust_dealloc(ptr %z, i64 16, i64 8)
  call void @__rust_dealloc(ptr %r, i64 %big, i64 8)
  ret double %v
}
