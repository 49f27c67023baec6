define double @base(double %x, ptr %p, i64 %n, float %s, i32 %k) {
entry:
  %start = getelementptr double, ptr %p, i64 0
  %trips = add i64 %n, 1
  %more = add i32 %k, 1
  %single = fmul float %s, %s
  %square = fmul double %x, %x
  br label %loop

loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %sum = phi double [ %square, %entry ], [ %total, %latch ]
  %q = getelementptr double, ptr %start, i64 %i
  %old = load double, ptr %q
  %product = fmul double %old, %sum
  %half = fmul float %single, 5.000000e-01
  %wide = fpext float %half to double
  %odd = add i32 %more, 3
  %bit = and i32 %odd, 1
  %isodd = icmp eq i32 %bit, 0
  br i1 %isodd, label %left, label %latch

left:
  %sine = call double @llvm.sin.f64(double %product)
  store double %sine, ptr %q
  br label %latch

latch:
  %either = phi double [ %sine, %left ], [ %wide, %loop ]
  %total = fadd double %either, %product
  %next = add i64 %i, 1
  %more.trips = icmp slt i64 %next, %trips
  br i1 %more.trips, label %loop, label %exit

exit:
  %result = fmul double %total, %wide
  ret double %result
}

declare double @llvm.sin.f64(double)
