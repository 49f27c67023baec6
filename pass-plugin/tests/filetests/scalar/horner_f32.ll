; What: a polynomial in single precision
; Covers: instruction fmul; instruction fadd
; diff: @f(x: f32 = 0.75) -> f32
; grad: x = 3*x*x - 4*x + 1.5

define float @f(float %x) {
  %a = fsub float %x, 2.0
  %b = fmul float %a, %x
  %c = fadd float %b, 1.5
  %d = fmul float %c, %x
  %e = fadd float %d, 4.0
  ret float %e
}
