; What: a copy whose length is no multiple of the step at which its memory is walked elsewhere
; Covers: memory memcpy cut period
; diff: @f(x: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], o: dup [f64] = [9.0], k: const i64 = 0) -> f64
; seed: x = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
; value: 7*7
; grad: x = [0, 0, 0, 0, 0, 0, 0, 0]

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define double @f(ptr %x, ptr %o, i64 %k) {
entry:
  %t = alloca [8 x double]
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %n, %l ]
  %p = getelementptr inbounds double, ptr %t, i64 %i
  store double 7.0, ptr %p
  %n = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %n, 8
  br i1 %c, label %d, label %l
d:
  call void @llvm.memcpy.p0.p0.i64(ptr %x, ptr %t, i64 64, i1 false)
  %q = getelementptr inbounds double, ptr %x, i64 6
  %z = icmp eq i64 %k, 0
  %s = select i1 %z, ptr %q, ptr %o
  %v = load double, ptr %s
  %r = fmul double %v, %v
  ret double %r
}
