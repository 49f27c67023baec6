; What: a callee that moves a pointer as a 64-bit integer: the caller reads through the moved one.
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 2*x
; opt: O0 O1 O2 opt
define void @move(ptr %to, ptr %from) noinline {
  %w = load i64, ptr %from
  store i64 %w, ptr %to
  ret void
}
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
define void @copy(ptr %to, ptr %from) noinline {
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %from, i64 24, i1 false)
  ret void
}
define double @f(double %x) {
  %m = alloca double
  %a = alloca [3 x ptr]
  %b = alloca [3 x ptr]
  %c = alloca ptr
  store double %x, ptr %m
  %a1 = getelementptr ptr, ptr %a, i64 1
  store ptr %m, ptr %a1
  store ptr %m, ptr %a
  %a2 = getelementptr ptr, ptr %a, i64 2
  store ptr %a, ptr %a2
  call void @copy(ptr %b, ptr %a)
  %b1 = getelementptr ptr, ptr %b, i64 1
  call void @move(ptr %c, ptr %b1)
  %p = load ptr, ptr %c
  %v = load double, ptr %p
  %r = fmul double %v, %x
  ret double %r
}
