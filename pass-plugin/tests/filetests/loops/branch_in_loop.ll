; What: a branch inside a loop, taken by the data
; Covers: control branch in loop
; diff: @f(p: dup [f64] = [1.0, -2.0, 3.0, -0.5], n: const i64 = 4) -> f64
; grad: p = [2*p[0], 3, 2*p[2], 3]

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %j ]
  %s = phi double [ 0.0, %entry ], [ %s1, %j ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %pos = fcmp ogt double %x, 0.0
  br i1 %pos, label %k, label %m
k:
  %q = fmul double %x, %x
  br label %j
m:
  %u = fmul double %x, 3.0
  br label %j
j:
  %v = phi double [ %q, %k ], [ %u, %m ]
  %s1 = fadd double %s, %v
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %s
}
