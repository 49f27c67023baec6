; What: an invoke whose landing pad frees memory and resumes
; Covers: control invoke cleanup
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 3*x*x
; opt: O0 O1 O2 opt

declare ptr @malloc(i64) nounwind allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) nounwind allockind("free") "alloc-family"="malloc"
declare void @_Unwind_Resume(ptr) noreturn
define i32 @personality(i32 %a, i32 %b, i64 %c, ptr %d, ptr %e) noinline {
  ret i32 8
}
define internal double @may_unwind(double %x, ptr %p) noinline {
  %v = load double, ptr %p
  %r = fmul double %x, %v
  ret double %r
}
define double @f(double %x) personality ptr @personality {
entry:
  %m = call ptr @malloc(i64 8)
  %s = fmul double %x, %x
  store double %s, ptr %m
  %r = invoke double @may_unwind(double %x, ptr %m) to label %ok unwind label %bad
ok:
  call void @free(ptr %m)
  ret double %r
bad:
  %l = landingpad { ptr, i32 } cleanup
  call void @free(ptr %m)
  resume { ptr, i32 } %l
}
