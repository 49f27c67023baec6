; What: a noinline function in a loop: one tape for each call
; Covers: calls noinline in loop
; diff: @f(x: f64 = 0.8, n: const i64 = 4) -> f64
; opt: O0 O1 O2 opt

declare double @llvm.exp.f64(double)
define internal double @g(double %v, double %x) noinline {
  %e = call double @llvm.exp.f64(double %v)
  %m = fmul double %e, %x
  %r = fmul double %m, 0.25
  ret double %r
}
define double @f(double %x, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ %x, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %w = call double @g(double %v, double %x)
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
