; What: a result returned through an sret pointer
; Covers: calls sret
; diff: @f(x: f64 = 1.5, y: f64 = 2.0) -> f64
; grad: x = 2*x*y + y*y, y = x*x + 2*x*y

%pair = type { double, double }
define internal void @g(ptr noalias sret(%pair) %o, double %x, double %y) noinline {
  %s = fadd double %x, %y
  %p = fmul double %x, %y
  store double %s, ptr %o
  %b = getelementptr inbounds %pair, ptr %o, i32 0, i32 1
  store double %p, ptr %b
  ret void
}
define double @f(double %x, double %y) {
  %t = alloca %pair
  call void @g(ptr sret(%pair) %t, double %x, double %y)
  %s = load double, ptr %t
  %b = getelementptr inbounds %pair, ptr %t, i32 0, i32 1
  %p = load double, ptr %b
  %r = fmul double %s, %p
  ret double %r
}
