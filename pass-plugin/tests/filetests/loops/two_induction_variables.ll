; What: two counters, one up by one and one down by two
; Covers: control two induction variables
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0], n: const i64 = 3) -> f64
; value: 1*5 + 2*3 + 3*1
; grad: p = [p[4] + p[2], p[2], p[1] + p[0], 0, p[0]]

define double @f(ptr %p, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %j = phi i64 [ 4, %entry ], [ %j1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %b = getelementptr inbounds double, ptr %p, i64 %j
  %y = load double, ptr %b
  %q = fmul double %x, %y
  %s1 = fadd double %s, %q
  %i1 = add nsw i64 %i, 1
  %j1 = add nsw i64 %j, -2
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %l, label %d
d:
  ret double %s1
}
