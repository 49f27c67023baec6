; What: a constant buffer whose values the function overwrites after use
; Covers: aliasing const buffer overwritten
; diff: @f(x: f64 = 1.5, q: const [f64] = [0.5]) -> f64
; grad: x = q[0]
; opt: O0 O1 opt

define double @f(double %x, ptr %q) {
  %y = load double, ptr %q
  store double 7.0, ptr %q
  %r = fmul double %x, %y
  ret double %r
}
