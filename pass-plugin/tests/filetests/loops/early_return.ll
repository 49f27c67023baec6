; What: a return from inside a loop
; Covers: control early return
; diff: @f(p: dup [f64] = [1.0, 2.0, -3.0, 4.0], n: const i64 = 4) -> f64
; grad: p = [0, 0, 2*p[2], 0]
; diff: @f(p: dup [f64] = [1.0, 2.0], n: const i64 = 2) -> f64
; grad: p = [1, 1]

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %m ]
  %s = phi double [ 0.0, %entry ], [ %s1, %m ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %neg = fcmp olt double %x, 0.0
  br i1 %neg, label %e, label %m
m:
  %s1 = fadd double %s, %x
  %i1 = add nsw i64 %i, 1
  br label %h
e:
  %q = fmul double %x, %x
  ret double %q
d:
  ret double %s
}
