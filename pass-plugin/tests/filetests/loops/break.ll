; What: a loop with a break on an active condition
; Covers: control break
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0], n: const i64 = 4) -> f64
; value: 14
; grad: p = [2*p[0], 2*p[1], 2*p[2], 0]
; diff: @f(p: dup [f64] = [0.1, 0.2, 0.3], n: const i64 = 3) -> f64
; grad: p = [2*p[0], 2*p[1], 2*p[2]]

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %s = phi double [ 0.0, %entry ], [ %s1, %next ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %s1 = fadd double %s, %q
  %big = fcmp ogt double %s1, 10.0
  br i1 %big, label %d, label %next
next:
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  %r = phi double [ %s, %h ], [ %s1, %b ]
  ret double %r
}
