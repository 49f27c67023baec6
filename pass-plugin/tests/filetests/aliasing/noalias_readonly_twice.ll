; What: one buffer as two noalias readonly arguments: their shadows coincide and are written
; Covers: aliasing noalias readonly twice
; diff: @f(p: dup [f64] = [3.0, 2.0], q: alias p, n: const i64 = 2) -> f64
; value: 13
; grad: p = [2*p[0], 2*p[1]]
; opt: O0 O1 O2 opt

define double @f(ptr noalias readonly %p, ptr noalias readonly %q, i64 %n) {
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
