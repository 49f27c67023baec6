; What: product in single precision
; Covers: instruction fmul
; diff: @f(x: f32 = 3.0, y: f32 = 5.0) -> f32
; value: 15
; grad: x = y, y = x
; opt: O0 O1 opt

define float @f(float %x, float %y) {
  %r = fmul float %x, %y
  ret float %r
}
