; What: a recursive function: power by squaring
; Covers: calls recursive power
; diff: @f(x: f64 = 1.1, n: const i64 = 7) -> f64
; value: x^7
; grad: x = 7*x^6
; diff: @f(x: f64 = 1.1, n: const i64 = 0) -> f64
; grad: x = 0
; opt: O0 O1 O2 opt

define internal double @pw(double %x, i64 %n) noinline {
entry:
  %z = icmp eq i64 %n, 0
  br i1 %z, label %one, label %more
one:
  ret double 1.0
more:
  %h = lshr i64 %n, 1
  %p = call double @pw(double %x, i64 %h)
  %q = fmul double %p, %p
  %o = and i64 %n, 1
  %odd = icmp eq i64 %o, 1
  br i1 %odd, label %a, label %b
a:
  %r = fmul double %q, %x
  ret double %r
b:
  ret double %q
}
define double @f(double %x, i64 %n) {
  %r = call double @pw(double %x, i64 %n)
  ret double %r
}
