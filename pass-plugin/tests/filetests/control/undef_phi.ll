; What: an undef operand of a phi has adjoint zero
; Covers: control undef phi
; diff: @f(x: f64 = 1.5, k: const i64 = 1) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = 1.5, k: const i64 = 0) -> f64
; grad: x = 3
; opt: O0 O1 opt

define double @f(double %x, i64 %k) {
entry:
  %c = icmp eq i64 %k, 1
  br i1 %c, label %a, label %j
a:
  %s = fmul double %x, %x
  br label %j
j:
  %p = phi double [ %s, %a ], [ undef, %entry ]
  %t = fmul double %x, 3.0
  %r = select i1 %c, double %p, double %t
  ret double %r
}
