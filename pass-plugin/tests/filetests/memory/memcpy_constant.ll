; What: memcpy of constant length
; Covers: intrinsic llvm.memcpy; memory memcpy constant
; diff: @f(p: dup [f64] = [3.0, 2.0], o: dup [f64] = [0.0, 1.0]) -> f64
; grad: p = [2*p[0], 2*p[1]], o = [0, 0]
; opt: O0 O1 opt

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define double @f(ptr %p, ptr %o) {
  call void @llvm.memcpy.p0.p0.i64(ptr %o, ptr %p, i64 16, i1 false)
  %x = load double, ptr %o
  %b = getelementptr double, ptr %o, i64 1
  %y = load double, ptr %b
  %q = fmul double %x, %x
  %u = fmul double %y, %y
  %r = fadd double %q, %u
  ret double %r
}
