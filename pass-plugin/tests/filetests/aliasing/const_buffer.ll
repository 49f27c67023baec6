; What: a constant buffer beside an active one
; Covers: aliasing const buffer
; diff: @f(p: dup [f64] = [3.0, 2.0], q: const [f64] = [0.5, -1.0], n: const i64 = 2) -> f64
; grad: p = [q[0], q[1]]
; opt: O0 O1 O2 opt

define double @f(ptr %p, ptr %q, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %b = getelementptr inbounds double, ptr %q, i64 %i
  %y = load double, ptr %b
  %m = fmul double %x, %y
  %s1 = fadd double %s, %m
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
