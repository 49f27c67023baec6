; What: two values that swap in each iteration
; Covers: control swap phis
; diff: @f(x: f64 = 1.5, y: f64 = -0.5, n: const i64 = 3) -> f64
; diff: @f(x: f64 = 1.5, y: f64 = -0.5, n: const i64 = 4) -> f64
; opt: O0 O1 O2 opt

define double @f(double %x, double %y, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %u = phi double [ %x, %entry ], [ %v, %b ]
  %v = phi double [ %y, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %p = fmul double %u, %v
  %w = fadd double %p, %u
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  %r = fsub double %u, %v
  ret double %r
}
