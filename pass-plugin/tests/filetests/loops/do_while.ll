; What: a loop tested at its end, on an active value
; Covers: control do while
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 0.125
; diff: @f(x: f64 = 0.5) -> f64
; grad: x = 0.5

define double @f(double %x) {
entry:
  br label %l
l:
  %v = phi double [ %x, %entry ], [ %w, %l ]
  %w = fmul double %v, 0.5
  %c = fcmp ogt double %w, 0.3
  br i1 %c, label %l, label %d
d:
  ret double %w
}
