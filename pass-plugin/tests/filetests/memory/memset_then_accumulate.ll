; What: memset to zero of active memory, then accumulation into it
; Covers: intrinsic llvm.memset; memory memset then accumulate
; diff: @f(p: dup [f64] = [1.5, 2.0, 3.0], o: dup [f64] = [5.0, 6.0], n: const i64 = 3) -> void
; seed: o = [1.0, 10.0]
; grad: p = [2*p[0], 20*p[1], 2*p[2]], o = [0, 0]
; opt: O0 O1 O2 opt

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define void @f(ptr %p, ptr %o, i64 %n) {
entry:
  call void @llvm.memset.p0.i64(ptr %o, i8 0, i64 16, i1 false)
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %k = and i64 %i, 1
  %b = getelementptr inbounds double, ptr %o, i64 %k
  %s = load double, ptr %b
  %s1 = fadd double %s, %q
  store double %s1, ptr %b
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret void
}
