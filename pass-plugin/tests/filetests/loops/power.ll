; What: x^n by repeated multiplication
; Covers: control power
; diff: @f(x: f64 = 1.1, n: const i64 = 7) -> f64
; value: x^7
; grad: x = 7*x^6
; opt: O0 O1 O2 opt

define double @f(double %x, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ 1.0, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %w = fmul double %v, %x
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
