; What: floats in memory that a loop shuffles as integers before they are used
; Covers: activity passes through integer memory
; diff: @f(p: dup [f64] = [3.0, 2.0]) -> f64
; value: 2*2*3
; grad: p = [p[1]^2, 2*p[0]*p[1]]
; opt: O0 O1 opt

define internal void @swap(ptr %a, ptr %b) noinline {
  %x = load i64, ptr %a
  %y = load i64, ptr %b
  store i64 %y, ptr %a
  store i64 %x, ptr %b
  ret void
}
define double @f(ptr %p) {
  %q = getelementptr inbounds double, ptr %p, i64 1
  call void @swap(ptr %p, ptr %q)
  %x = load double, ptr %p
  %y = load double, ptr %q
  %m = fmul double %x, %x
  %r = fmul double %m, %y
  ret double %r
}
