; What: a loop whose only exit is in the middle, many iterations
; Covers: control infinite with exit inside
; diff: @f(x: f64 = 0.001) -> f64
; tol: 1e-6

define double @f(double %x) {
entry:
  br label %l
l:
  %t = phi double [ 0.0, %entry ], [ %t1, %m ]
  %v = phi double [ 1.0, %entry ], [ %w, %m ]
  %t1 = fadd double %t, 0.007
  %stop = fcmp ogt double %t1, 1.0
  br i1 %stop, label %d, label %m
m:
  %k = fmul double %v, %x
  %w = fadd double %v, %k
  br label %l
d:
  ret double %v
}
