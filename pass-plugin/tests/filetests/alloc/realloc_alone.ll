; What: a reallocation whose siblings were inlined everywhere and are gone is what its body does
; Covers: memory __rust_alloc
; diff: @f(p: dup [f64] = [1.0, 2.0], n: const i64 = 32) -> f64
; grad: p = [2*p[0], 0]
; opt: O0 O1 O2 opt
declare noalias ptr @malloc(i64)
declare ptr @realloc(ptr, i64)
declare void @free(ptr)
define internal noalias ptr @_RNvCs1_7___rustc14___rust_realloc(ptr allocptr %p, i64 %old, i64 allocalign %align, i64 %new) noinline allockind("realloc,aligned") allocsize(3) "alloc-family"="__rust_alloc" {
  %small = icmp ule i64 %align, 16
  br i1 %small, label %plain, label %aligned
plain:
  %q = call ptr @realloc(ptr %p, i64 %new)
  ret ptr %q
aligned:
  %fresh = call ptr @malloc(i64 %new)
  %less = icmp ult i64 %old, %new
  %bytes = select i1 %less, i64 %old, i64 %new
  call void @llvm.memcpy.p0.p0.i64(ptr %fresh, ptr %p, i64 %bytes, i1 false)
  call void @free(ptr %p)
  ret ptr %fresh
}
define double @f(ptr %p, i64 %n) {
  %m = call ptr @malloc(i64 %n)
  %x = load double, ptr %p
  %y = fmul double %x, %x
  store double %y, ptr %m
  %more = add i64 %n, 8
  %r = call ptr @_RNvCs1_7___rustc14___rust_realloc(ptr %m, i64 %n, i64 8, i64 %more)
  %z = load double, ptr %r
  call void @free(ptr %r)
  ret double %z
}
