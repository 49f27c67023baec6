; What: a callee's loop reads constant memory that its caller frees after the call
; Covers: calls argument freed after
; diff: @f(x: f64 = 3.0, n: const i64 = 2) -> f64
; value: 5*3 + 6*3*3
; grad: x = 5 + 12*x

declare ptr @malloc(i64)
declare void @free(ptr)

define internal double @poly(double %x, ptr %k, i64 %n) noinline {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %w = phi double [ %x, %entry ], [ %w1, %l ]
  %a = getelementptr inbounds double, ptr %k, i64 %i
  %c = load double, ptr %a
  %t = fmul double %w, %c
  %s1 = fadd double %s, %t
  %w1 = fmul double %w, %x
  %i1 = add nuw nsw i64 %i, 1
  %e = icmp eq i64 %i1, %n
  br i1 %e, label %d, label %l
d:
  ret double %s1
}
define double @f(double %x, i64 %n) {
  %k = call ptr @malloc(i64 16)
  %k1 = getelementptr inbounds double, ptr %k, i64 1
  store volatile double 5.0, ptr %k
  store volatile double 6.0, ptr %k1
  %r = call double @poly(double %x, ptr %k, i64 %n)
  call void @free(ptr %k)
  %again = call ptr @malloc(i64 16)
  store volatile double 9.0, ptr %again
  %again1 = getelementptr inbounds double, ptr %again, i64 1
  store volatile double 9.0, ptr %again1
  call void @free(ptr %again)
  ret double %r
}
