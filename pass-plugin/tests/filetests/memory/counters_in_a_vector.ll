; What: two counters beside doubles, counted with as one vector (as SLP leaves them), in an object whose fields a walk mixes
; Covers: memory counters in a vector beside floats
; diff: @f(x: dup [f64] = [2.0, 3.0, 0.5], n: const i64 = 3) -> f64
; grad: x = [15*2*x[0], 15*2*x[1], 15*2*x[2]]
; opt: O0 O1 opt

define double @f(ptr %x, i64 %n) {
entry:
  %s = alloca [32 x i8], align 8
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %s, ptr align 8 %x, i64 24, i1 false)
  %c = getelementptr inbounds i8, ptr %s, i64 24
  store i64 0, ptr %c, align 8
  %end = getelementptr inbounds double, ptr %s, i64 %n
  br label %l
l:
  %p = phi ptr [ %s, %entry ], [ %next, %l ]
  %v = load double, ptr %p, align 8
  %w = fmul double %v, %v
  store double %w, ptr %p, align 8
  %both = load <2 x i32>, ptr %c, align 8
  %more = add <2 x i32> %both, <i32 4, i32 1>
  store <2 x i32> %more, ptr %c, align 8
  %next = getelementptr inbounds i8, ptr %p, i64 8
  %go = icmp ne ptr %next, %end
  br i1 %go, label %l, label %done
done:
  %a = load i32, ptr %c, align 8
  %c1 = getelementptr inbounds i8, ptr %c, i64 4
  %b = load i32, ptr %c1, align 4
  %t = add i32 %a, %b
  %all = icmp eq i32 %t, 15
  %count = select i1 %all, double 15.0, double 1.0
  %x0 = load double, ptr %s, align 8
  %s1 = getelementptr inbounds i8, ptr %s, i64 8
  %x1 = load double, ptr %s1, align 8
  %s2 = getelementptr inbounds i8, ptr %s, i64 16
  %x2 = load double, ptr %s2, align 8
  %y = fadd double %x0, %x1
  %z = fadd double %y, %x2
  %r = fmul double %z, %count
  ret double %r
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
