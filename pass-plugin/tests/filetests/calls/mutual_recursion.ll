; What: two functions that call each other
; Covers: calls mutual recursion
; diff: @f(x: f64 = 0.6, n: const i64 = 4) -> f64
; diff: @f(x: f64 = 0.6, n: const i64 = 1) -> f64
; grad: x = 2*x

declare double @llvm.cos.f64(double)
define internal double @even(double %x, i64 %n) noinline {
entry:
  %z = icmp eq i64 %n, 0
  br i1 %z, label %stop, label %go
stop:
  ret double %x
go:
  %m = sub i64 %n, 1
  %r = call double @odd(double %x, i64 %m)
  %q = fmul double %r, %r
  ret double %q
}
define internal double @odd(double %x, i64 %n) noinline {
entry:
  %z = icmp eq i64 %n, 0
  br i1 %z, label %stop, label %go
stop:
  ret double %x
go:
  %m = sub i64 %n, 1
  %c = call double @llvm.cos.f64(double %x)
  %r = call double @even(double %c, i64 %m)
  %q = fmul double %r, %x
  ret double %q
}
define double @f(double %x, i64 %n) {
  %r = call double @even(double %x, i64 %n)
  ret double %r
}
