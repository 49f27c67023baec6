; What: a function that returns a pointer into its argument
; Covers: calls returns its pointer
; diff: @f(p: dup [f64] = [1.5, 2.0], k: const i64 = 1) -> f64
; grad: p = [0, 2*p[1]]
; opt: O0 O1 opt

define internal ptr @at(ptr %p, i64 %i) noinline {
  %a = getelementptr inbounds double, ptr %p, i64 %i
  ret ptr %a
}
define double @f(ptr %p, i64 %k) {
  %a = call ptr @at(ptr %p, i64 %k)
  %x = load double, ptr %a
  %r = fmul double %x, %x
  ret double %r
}
