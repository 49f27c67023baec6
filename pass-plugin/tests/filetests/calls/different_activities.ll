; What: one function called with different activities of its arguments
; Covers: calls different activities
; diff: @f(x: f64 = 1.5, c: const f64 = 3.0) -> f64
; value: 1.5*3 + 3*1.5 + 9
; grad: x = 2*c
; opt: O0 O1 opt

define internal double @g(double %a, double %b) noinline {
  %r = fmul double %a, %b
  ret double %r
}
define double @f(double %x, double %c) {
  %u = call double @g(double %x, double %c)
  %v = call double @g(double %c, double %x)
  %w = call double @g(double %c, double %c)
  %s = fadd double %u, %v
  %r = fadd double %s, %w
  ret double %r
}
