; What: memcpy of a struct of float and integer
; Covers: memory memcpy struct
; diff: @f(p: dup [{f64, i64}] = [{3.0, 2}]) -> f64
; value: 3*3*2
; grad: p = [12]
; opt: O0 O1 opt

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define double @f(ptr %p) {
  %t = alloca { double, i64 }
  call void @llvm.memcpy.p0.p0.i64(ptr %t, ptr %p, i64 16, i1 false)
  %x = load double, ptr %t
  %a = getelementptr i8, ptr %t, i64 8
  %n = load i64, ptr %a
  %k = sitofp i64 %n to double
  %q = fmul double %x, %x
  %r = fmul double %q, %k
  ret double %r
}
