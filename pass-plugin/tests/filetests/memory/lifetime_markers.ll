; What: an alloca with lifetime markers inside a loop
; Covers: intrinsic llvm.lifetime; memory lifetime markers
; diff: @f(x: f64 = 0.9, n: const i64 = 3) -> f64
; grad: x = 8*x^7

declare void @llvm.lifetime.start.p0(ptr)
declare void @llvm.lifetime.end.p0(ptr)
define internal void @square(ptr %t) noinline {
  %x = load double, ptr %t
  %q = fmul double %x, %x
  store double %q, ptr %t
  ret void
}
define double @f(double %x, i64 %n) {
entry:
  %t = alloca double
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %v = phi double [ %x, %entry ], [ %w, %l ]
  call void @llvm.lifetime.start.p0(ptr %t)
  store double %v, ptr %t
  call void @square(ptr %t)
  %w = load double, ptr %t
  call void @llvm.lifetime.end.p0(ptr %t)
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret double %w
}
