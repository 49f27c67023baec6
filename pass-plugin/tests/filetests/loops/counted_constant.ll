; What: sum of squares with a constant trip count
; Covers: control counted constant
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0]) -> f64
; value: 30
; grad: p = [2*p[0], 2*p[1], 2*p[2], 2*p[3]]
; opt: O0 O1 O2 opt

define double @f(ptr %p) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %s1 = fadd double %s, %q
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, 4
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
