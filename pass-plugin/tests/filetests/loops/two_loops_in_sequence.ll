; What: the second loop reads what the first has written
; Covers: control two loops in sequence
; diff: @f(x: f64 = 0.8, n: const i64 = 4) -> f64
; opt: O0 O1 O2 opt

define double @f(double %x, i64 %n) {
entry:
  %t = alloca [16 x double]
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %h ]
  %v = phi double [ %x, %entry ], [ %w, %h ]
  %a = getelementptr inbounds double, ptr %t, i64 %i
  store double %v, ptr %a
  %w = fmul double %v, %x
  %i1 = add nsw i64 %i, 1
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %h, label %g
g:
  %j = phi i64 [ 0, %h ], [ %j1, %g ]
  %s = phi double [ 0.0, %h ], [ %s1, %g ]
  %b = getelementptr inbounds double, ptr %t, i64 %j
  %y = load double, ptr %b
  %q = fmul double %y, %y
  %s1 = fadd double %s, %q
  %j1 = add nsw i64 %j, 1
  %e = icmp slt i64 %j1, %n
  br i1 %e, label %g, label %d
d:
  ret double %s1
}
