; What: calls through a pointer that a loop carries, one of three known functions
; Covers: calls indirect phi
; diff: @f(x: f64 = 1.5, n: const i64 = 3) -> f64
; grad: x = 12*x^11
; diff: @f(x: f64 = 1.5, n: const i64 = 1) -> f64
; grad: x = 2*x

define internal double @square(double %x) noinline {
  %r = fmul double %x, %x
  ret double %r
}
define internal double @cube(double %x) noinline {
  %s = fmul double %x, %x
  %r = fmul double %s, %x
  ret double %r
}
define double @f(double %x, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %y = phi double [ %x, %entry ], [ %z, %l ]
  %g = phi ptr [ @square, %entry ], [ %h, %l ]
  %z = call double %g(double %y)
  %i1 = add i64 %i, 1
  %odd = icmp eq i64 %i, 0
  %h = select i1 %odd, ptr @cube, ptr @square
  %e = icmp eq i64 %i1, %n
  br i1 %e, label %d, label %l
d:
  ret double %z
}
