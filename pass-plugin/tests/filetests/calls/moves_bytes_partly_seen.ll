; What: a callee copies an array of which it reads one cell only: what the others hold, its caller knows
; Covers: calls types from the caller; intrinsic llvm.memmove
; diff: @f(a: f64 = 0.5, o: dup [f64] = [0.0, 0.0, 0.0, 0.0]) -> f64

declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

define internal double @move(ptr %x, ptr %o) noinline {
  call void @llvm.memmove.p0.p0.i64(ptr %o, ptr %x, i64 32, i1 false)
  %p = getelementptr i8, ptr %x, i64 16
  %v = load double, ptr %p
  ret double %v
}

define double @f(double %a, ptr %o) {
entry:
  %t = alloca [4 x double]
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = getelementptr double, ptr %t, i64 %i
  %k = uitofp i64 %i to double
  %v = fmul double %a, %k
  store double %v, ptr %p
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, 4
  br i1 %more, label %loop, label %done
done:
  %r = call double @move(ptr %t, ptr %o)
  ret double %r
}
