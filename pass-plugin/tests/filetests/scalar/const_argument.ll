; What: a constant argument among active ones
; Covers: marker enzyme_const
; diff: @f(x: f64 = 3.0, c: const f64 = 4.0, y: f64 = 0.5, n: const i64 = 3) -> f64
; value: 3*4 + 0.5*3
; grad: x = c, y = n

define double @f(double %x, double %c, double %y, i64 %n) {
  %a = fmul double %x, %c
  %k = sitofp i64 %n to double
  %b = fmul double %y, %k
  %r = fadd double %a, %b
  ret double %r
}
