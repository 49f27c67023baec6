; What: a heap cell that holds a pointer to an argument's memory
; Covers: memory allocation that holds a pointer
; diff: @f(p: dup [f64] = [1.5, 2.0], k: const i64 = 1) -> f64
; grad: p = [0, 2*p[1]]

declare noalias ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"

define internal void @keep(ptr %box, ptr %p) noinline {
  store ptr %p, ptr %box
  ret void
}
define double @f(ptr %p, i64 %k) {
  %box = call ptr @malloc(i64 8)
  %a = getelementptr inbounds double, ptr %p, i64 %k
  call void @keep(ptr %box, ptr %a)
  %q = load ptr, ptr %box
  %x = load double, ptr %q
  %r = fmul double %x, %x
  call void @free(ptr %box)
  ret double %r
}
