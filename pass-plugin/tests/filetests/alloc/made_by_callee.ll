; What: memory that a function which is not inlined allocates, fills in part and returns inside a struct
; Covers: memory malloc in a callee
; diff: @f(x: f64 = 1.5, n: const i64 = 3) -> f64
; value: 1.5^2 + 3*1.5^3
; grad: x = 2*x + 9*x^2

declare noalias ptr @malloc(i64) nounwind
declare void @free(ptr) nounwind
define internal { ptr, i64 } @make(double %x, i64 %n) noinline {
  %bytes = shl i64 %n, 3
  %m = call ptr @malloc(i64 %bytes)
  %q = fmul double %x, %x
  store double %q, ptr %m
  %a = insertvalue { ptr, i64 } poison, ptr %m, 0
  %b = insertvalue { ptr, i64 } %a, i64 %n, 1
  ret { ptr, i64 } %b
}
define internal ptr @blank() noinline {
  %m = call ptr @malloc(i64 8)
  ret ptr %m
}
define double @f(double %x, i64 %n) {
  %v = call { ptr, i64 } @make(double %x, i64 %n)
  %m = extractvalue { ptr, i64 } %v, 0
  %len = extractvalue { ptr, i64 } %v, 1
  %t = call ptr @blank()
  %q = load double, ptr %m
  %c = fmul double %q, %x
  store double %c, ptr %t
  %k = uitofp i64 %len to double
  %d = load volatile double, ptr %t
  %e = fmul double %d, %k
  %r = fadd double %e, %q
  call void @free(ptr %t)
  call void @free(ptr %m)
  ret double %r
}
