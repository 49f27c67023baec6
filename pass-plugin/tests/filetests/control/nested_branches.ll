; What: branches inside branches with values used across
; Covers: control nested branches
; diff: @f(x: f64 = 1.5, y: f64 = 0.5) -> f64
; diff: @f(x: f64 = 1.5, y: f64 = -0.5) -> f64
; diff: @f(x: f64 = -1.5, y: f64 = 0.5) -> f64

define double @f(double %x, double %y) {
entry:
  %p = fmul double %x, %y
  %c = fcmp ogt double %x, 0.0
  br i1 %c, label %a, label %b
a:
  %q = fmul double %p, %x
  %d = fcmp ogt double %y, 0.0
  br i1 %d, label %a1, label %a2
a1:
  %q1 = fmul double %q, %q
  br label %aj
a2:
  %q2 = fdiv double %x, %y
  br label %aj
aj:
  %qa = phi double [ %q1, %a1 ], [ %q2, %a2 ]
  %qb = fadd double %qa, %p
  br label %j
b:
  %u = fsub double %p, %y
  br label %j
j:
  %r = phi double [ %qb, %aj ], [ %u, %b ]
  %s = fmul double %r, %r
  ret double %s
}
