; What: the primal value is returned beside the derivatives, with memory and by-value arguments
; Covers: marker enzyme_primal_return
; diff: @f(x: f64 = 1.5, p: dup [f64] = [2.0, 3.0]) -> f64
; value: 9
; grad: x = p[0]*p[1], p = [x*p[1], x*p[0]]
; with: primal_return

define double @f(double %x, ptr %p) {
  %a = load double, ptr %p
  %q = getelementptr double, ptr %p, i64 1
  %b = load double, ptr %q
  %m = fmul double %a, %b
  %r = fmul double %m, %x
  ret double %r
}
