; What: an active value stored to a local that other code fills with constants
; Covers: activity value through const local
; diff: @f(x: f64 = 1.5, k: const i64 = 0) -> f64
; grad: x = 2*x
; diff: @f(x: f64 = 1.5, k: const i64 = 1) -> f64
; grad: x = 0

define double @f(double %x, i64 %k) {
entry:
  %t = alloca double
  store double %x, ptr %t
  %c = icmp eq i64 %k, 0
  br i1 %c, label %j, label %a
a:
  store double 4.0, ptr %t
  br label %j
j:
  %v = load double, ptr %t
  %r = fmul double %v, %v
  ret double %r
}
