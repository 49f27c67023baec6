; What: if/else joined by a phi
; Covers: control diamond
; diff: @f(x: f64 = 2.0, y: f64 = 5.0) -> f64
; grad: x = y, y = x
; diff: @f(x: f64 = -2.0, y: f64 = 5.0) -> f64
; grad: x = 2*x, y = 1
; opt: O0 O1 O2 opt

define double @f(double %x, double %y) {
entry:
  %c = fcmp ogt double %x, 0.0
  br i1 %c, label %pos, label %neg
pos:
  %a = fmul double %x, %y
  br label %join
neg:
  %s = fmul double %x, %x
  %b = fadd double %s, %y
  br label %join
join:
  %r = phi double [ %a, %pos ], [ %b, %neg ]
  ret double %r
}
