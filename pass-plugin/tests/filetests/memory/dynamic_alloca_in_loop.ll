; What: a variable-length array of a loop's body, given back at the end of each iteration
; Covers: memory dynamic alloca in loop
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; grad: p = [2*p[0], 2*2*p[1], 2*3*p[2]]
; opt: O0 O1 opt

declare ptr @llvm.stacksave.p0()
declare void @llvm.stackrestore.p0(ptr)
define double @f(ptr %p, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %after ]
  %s = phi double [ 0.0, %entry ], [ %s1, %after ]
  %i1 = add nuw nsw i64 %i, 1
  %save = call ptr @llvm.stacksave.p0()
  %t = alloca double, i64 %i1
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  br label %in
in:
  %j = phi i64 [ 0, %l ], [ %j1, %in ]
  %b = getelementptr inbounds double, ptr %t, i64 %j
  store double %x, ptr %b
  %j1 = add nuw nsw i64 %j, 1
  %c = icmp eq i64 %j1, %i1
  br i1 %c, label %sum, label %in
sum:
  %k = phi i64 [ 0, %in ], [ %k1, %sum ]
  %u = phi double [ 0.0, %in ], [ %u1, %sum ]
  %e = getelementptr inbounds double, ptr %t, i64 %k
  %y = load double, ptr %e
  %yy = fmul double %y, %y
  %u1 = fadd double %u, %yy
  %k1 = add nuw nsw i64 %k, 1
  %c2 = icmp eq i64 %k1, %i1
  br i1 %c2, label %after, label %sum
after:
  %s1 = fadd double %s, %u1
  call void @llvm.stackrestore.p0(ptr %save)
  %d = icmp eq i64 %i1, %n
  br i1 %d, label %done, label %l
done:
  ret double %s1
}
