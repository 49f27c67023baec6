; What: a musttail call at the end
; Covers: calls musttail
; diff: @f(x: f64 = 1.5, n: const i64 = 3) -> f64
; value: 1.5*8
; grad: x = 8

define internal double @g(double %x, i64 %n) noinline {
entry:
  %z = icmp eq i64 %n, 0
  br i1 %z, label %stop, label %go
stop:
  ret double %x
go:
  %y = fmul double %x, 2.0
  %m = sub i64 %n, 1
  %r = musttail call double @g(double %y, i64 %m)
  ret double %r
}
define double @f(double %x, i64 %n) {
  %r = musttail call double @g(double %x, i64 %n)
  ret double %r
}
