; What: widening and narrowing between float and double
; Covers: instruction fpext; instruction fptrunc
; diff: @f(x: f32 = 1.5, y: f64 = 2.5) -> f64
; diff: @g(x: f64 = 1.5) -> f32
; grad: x = 3*x*x

define double @f(float %x, double %y) {
  %w = fpext float %x to double
  %r = fmul double %w, %y
  ret double %r
}
define float @g(double %x) {
  %n = fptrunc double %x to float
  %a = fmul float %n, %n
  %b = fmul float %a, %n
  ret float %b
}
