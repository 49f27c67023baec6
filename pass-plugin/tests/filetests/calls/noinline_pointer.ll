; What: a noinline function that reads through a pointer
; Covers: calls noinline pointer
; diff: @f(p: dup [f64] = [1.5, 2.0]) -> f64
; grad: p = [2*p[0]*p[1], p[0]^2]
; opt: O0 O1 O2 opt

define internal double @g(ptr %p) noinline {
  %x = load double, ptr %p
  %a = getelementptr double, ptr %p, i64 1
  %y = load double, ptr %a
  %r = fmul double %x, %y
  ret double %r
}
define double @f(ptr %p) {
  %g = call double @g(ptr %p)
  %x = load double, ptr %p
  %r = fmul double %g, %x
  ret double %r
}
