; What: lgamma_r, the form Rust calls: the sign it writes is inactive
; Covers: function lgamma_r
; diff: @f(x: f64 = 2.5) -> f64
; diff: @f(x: f64 = -0.5) -> f64

declare double @lgamma_r(double, ptr)
define double @f(double %x) {
  %s = alloca i32
  %l = call double @lgamma_r(double %x, ptr %s)
  %k = load i32, ptr %s
  %f = sitofp i32 %k to double
  %r = fmul double %l, %f
  ret double %r
}
