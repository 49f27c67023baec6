; What: a while loop that ends on inactive data in memory
; Covers: control while inactive exit
; diff: @f(x: f64 = 0.9, k: const [i64] = [3, 1, 4, 0]) -> f64
; grad: x = 8*x^7
; opt: O0 O1 O2 opt

define double @f(double %x, ptr %k) {
entry:
  br label %h
h:
  %p = phi ptr [ %k, %entry ], [ %p1, %i ]
  %v = phi double [ 1.0, %entry ], [ %w, %i ]
  %n = load i64, ptr %p
  %z = icmp eq i64 %n, 0
  br i1 %z, label %d, label %b
b:
  br label %i0
i0:
  %j = phi i64 [ 0, %b ], [ %j1, %i0 ]
  %u = phi double [ %v, %b ], [ %u1, %i0 ]
  %u1 = fmul double %u, %x
  %j1 = add i64 %j, 1
  %jc = icmp eq i64 %j1, %n
  br i1 %jc, label %i, label %i0
i:
  %w = phi double [ %u1, %i0 ]
  %p1 = getelementptr i64, ptr %p, i64 1
  br label %h
d:
  ret double %v
}
