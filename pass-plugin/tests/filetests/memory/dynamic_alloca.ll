; What: a stack array of run-time size, needed in reverse
; Covers: memory dynamic alloca
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; grad: p = [4*p[0]^3, 4*p[1]^3, 4*p[2]^3]
; opt: O0 O1 opt

define double @f(ptr %p, i64 %n) {
entry:
  %t = alloca double, i64 %n
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %b = getelementptr inbounds double, ptr %t, i64 %i
  store double %q, ptr %b
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %g, label %l
g:
  %j = phi i64 [ 0, %l ], [ %j1, %g ]
  %s = phi double [ 0.0, %l ], [ %s1, %g ]
  %e = getelementptr inbounds double, ptr %t, i64 %j
  %y = load double, ptr %e
  %u = fmul double %y, %y
  %s1 = fadd double %s, %u
  %j1 = add nuw nsw i64 %j, 1
  %c2 = icmp eq i64 %j1, %n
  br i1 %c2, label %d, label %g
d:
  ret double %s1
}
