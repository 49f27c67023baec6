; What: a phi of a pair
; Covers: aggregates phi of a struct
; diff: @f(x: f64 = 3.0, y: f64 = 2.0) -> f64
; grad: x = 2*x, y = 1
; diff: @f(x: f64 = -3.0, y: f64 = 2.0) -> f64
; grad: x = 1, y = 2*y

define double @f(double %x, double %y) {
entry:
  %c = fcmp ogt double %x, 0.0
  br i1 %c, label %a, label %b
a:
  %a0 = insertvalue { double, double } poison, double %x, 0
  %a1 = insertvalue { double, double } %a0, double %y, 1
  br label %j
b:
  %b0 = insertvalue { double, double } poison, double %y, 0
  %b1 = insertvalue { double, double } %b0, double %x, 1
  br label %j
j:
  %p = phi { double, double } [ %a1, %a ], [ %b1, %b ]
  %u = extractvalue { double, double } %p, 0
  %v = extractvalue { double, double } %p, 1
  %s = fmul double %u, %u
  %r = fadd double %s, %v
  ret double %r
}
