; What: one value as both operands of an instruction
; Covers: instruction fmul
; diff: @f(x: f64 = 3.0) -> f64
; value: 9
; grad: x = 2*x
; with: primal_return

define double @f(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
