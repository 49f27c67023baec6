; What: a loop with exits to different blocks
; Covers: control several exits
; diff: @f(p: dup [f64] = [0.5, 0.6, 0.7], n: const i64 = 3) -> f64
; diff: @f(p: dup [f64] = [0.5, 9.0, 0.7], n: const i64 = 3) -> f64
; diff: @f(p: dup [f64] = [0.5, -2.0, 0.7], n: const i64 = 3) -> f64

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %m ]
  %s = phi double [ 1.0, %entry ], [ %s1, %m ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %neg = fcmp olt double %x, 0.0
  br i1 %neg, label %e1, label %k
k:
  %s1 = fmul double %s, %x
  %big = fcmp ogt double %s1, 3.0
  br i1 %big, label %e2, label %m
m:
  %i1 = add nsw i64 %i, 1
  br label %h
e1:
  %r1 = fmul double %x, %s
  %r1b = fmul double %r1, %x
  br label %d
e2:
  %r2 = fdiv double 1.0, %s1
  br label %d
d:
  %r = phi double [ %s, %h ], [ %r1b, %e1 ], [ %r2, %e2 ]
  ret double %r
}
