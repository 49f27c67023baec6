; What: a callee's loop reads memory that its caller overwrites after the call
; Covers: calls argument overwritten after
; diff: @f(p: dup [f64] = [3.0, 2.0, 5.0, 7.0], n: const i64 = 2) -> f64
; value: 3*3 + 2*2 + 5*5 + 7*7
; grad: p = [2*p[0], 2*p[1], 2*p[2], 2*p[3]]

define internal double @squares(ptr %p, i64 %n) noinline {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %xx = fmul double %x, %x
  %s1 = fadd double %s, %xx
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
define double @f(ptr %p, i64 %n) {
  %t = alloca [2 x double]
  %t1 = getelementptr inbounds double, ptr %t, i64 1
  %p1 = getelementptr inbounds double, ptr %p, i64 1
  %p2 = getelementptr inbounds double, ptr %p, i64 2
  %p3 = getelementptr inbounds double, ptr %p, i64 3
  %x0 = load double, ptr %p
  %x1 = load double, ptr %p1
  %x2 = load double, ptr %p2
  %x3 = load double, ptr %p3
  store double %x0, ptr %t
  store double %x1, ptr %t1
  %a = call double @squares(ptr %t, i64 %n)
  store double %x2, ptr %t
  store double %x3, ptr %t1
  %b = call double @squares(ptr %t, i64 %n)
  %r = fadd double %a, %b
  ret double %r
}
