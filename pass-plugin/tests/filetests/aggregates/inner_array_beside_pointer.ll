; What: an array inside of a struct is walked over; the pointer, the float and the integer beside it keep their kinds in a copy.
; diff: @f(x: dup [f64] = [3.0, -1.0, 2.0], n: const i64 = 3) -> f64
; value: x[0]*x[0]*x[0]*2 + x[1]*x[1]*x[1]*2 + x[2]*x[2]*x[2]*2
; grad: x = [6*x[0]^2, 6*x[1]^2, 6*x[2]^2]

%s = type { ptr, float, i32, [4 x double] }

define double @f(ptr %x, i64 %n) {
entry:
  %a = alloca %s, align 8
  %b = alloca %s, align 8
  store ptr %x, ptr %a, align 8
  %scale = getelementptr %s, ptr %a, i64 0, i32 1
  store float 2.0, ptr %scale, align 4
  %count = getelementptr %s, ptr %a, i64 0, i32 2
  store i32 3, ptr %count, align 4
  br label %fill
fill:
  %i = phi i64 [ 0, %entry ], [ %i.next, %fill ]
  %xi.p = getelementptr double, ptr %x, i64 %i
  %xi = load double, ptr %xi.p, align 8
  %square = fmul double %xi, %xi
  %to = getelementptr %s, ptr %a, i64 0, i32 3, i64 %i
  store double %square, ptr %to, align 8
  %i.next = add i64 %i, 1
  %more = icmp slt i64 %i.next, %n
  br i1 %more, label %fill, label %copy
copy:
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %b, ptr align 8 %a, i64 48, i1 false)
  %y = load ptr, ptr %b, align 8
  %scale.b = getelementptr %s, ptr %b, i64 0, i32 1
  %s.f = load float, ptr %scale.b, align 4
  %s.d = fpext float %s.f to double
  br label %sum
sum:
  %k = phi i64 [ 0, %copy ], [ %k.next, %sum ]
  %r = phi double [ 0.0, %copy ], [ %r.next, %sum ]
  %from = getelementptr %s, ptr %b, i64 0, i32 3, i64 %k
  %t = load double, ptr %from, align 8
  %yk.p = getelementptr double, ptr %y, i64 %k
  %yk = load double, ptr %yk.p, align 8
  %p = fmul double %t, %yk
  %q = fmul double %p, %s.d
  %r.next = fadd double %r, %q
  %k.next = add i64 %k, 1
  %go = icmp slt i64 %k.next, %n
  br i1 %go, label %sum, label %done
done:
  ret double %r.next
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
