; What: floats rounded to integers and back are inactive
; Covers: instruction sitofp; instruction fptosi
; diff: @f(x: f64 = 2.6) -> f64
; value: 2.6*2 + 2
; grad: x = 2

define double @f(double %x) {
  %i = fptosi double %x to i32
  %k = sitofp i32 %i to double
  %u = fptoui double %x to i64
  %j = uitofp i64 %u to double
  %p = fmul double %x, %k
  %r = fadd double %p, %j
  ret double %r
}
