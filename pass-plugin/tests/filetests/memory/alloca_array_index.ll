; What: a local array written at one variable index and read at another
; Covers: memory alloca array index
; diff: @f(x: f64 = 3.0, y: f64 = 4.0, i: const i64 = 1, j: const i64 = 1) -> f64
; grad: x = 2*x, y = 0
; diff: @f(x: f64 = 3.0, y: f64 = 4.0, i: const i64 = 0, j: const i64 = 1) -> f64
; grad: x = 0, y = 2*y
; opt: O0 O1 opt

define double @f(double %x, double %y, i64 %i, i64 %j) {
  %t = alloca [2 x double]
  %b = getelementptr double, ptr %t, i64 1
  store double %y, ptr %t
  store double %y, ptr %b
  %a = getelementptr double, ptr %t, i64 %i
  store double %x, ptr %a
  %e = getelementptr double, ptr %t, i64 %j
  %v = load double, ptr %e
  %r = fmul double %v, %v
  ret double %r
}
