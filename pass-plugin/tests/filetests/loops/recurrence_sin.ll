; What: a loop-carried recurrence x = sin(x): every iterate is needed in reverse
; Covers: control recurrence sin
; diff: @f(x: f64 = 1.2, n: const i64 = 5) -> f64
; diff: @f(x: f64 = 1.2, n: const i64 = 2) -> f64
; grad: x = cos(sin(x))*cos(x)
; diff: @f(x: f64 = 1.2, n: const i64 = 0) -> f64
; grad: x = 1

declare double @llvm.sin.f64(double)
define double @f(double %x, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ %x, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %w = call double @llvm.sin.f64(double %v)
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
