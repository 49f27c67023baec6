; What: memset of variable length kills the adjoints of what it overwrites
; Covers: intrinsic llvm.memset; memory memset variable
; diff: @f(o: dup [f64] = [5.0, 6.0, 7.0], n: const i64 = 2) -> f64
; grad: o = [0, 0, 2*o[2]]

declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define double @f(ptr %o, i64 %n) {
  %b = shl i64 %n, 3
  call void @llvm.memset.p0.i64(ptr %o, i8 0, i64 %b, i1 false)
  %a = getelementptr double, ptr %o, i64 2
  %x = load double, ptr %a
  %y = load double, ptr %o
  %q = fmul double %x, %x
  %r = fadd double %q, %y
  ret double %r
}
