; What: memcpy of integers only
; Covers: memory memcpy inactive
; diff: @f(x: f64 = 1.5, k: const [i64] = [2, 5]) -> f64
; grad: x = 5

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define double @f(double %x, ptr %k) {
  %t = alloca [2 x i64]
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %k, i64 16, i1 false)
  %a = getelementptr i64, ptr %t, i64 1
  %n = load i64, ptr %a
  %f = sitofp i64 %n to double
  %r = fmul double %x, %f
  ret double %r
}
