; What: three nested loops with a product carried through all levels
; Covers: control nested three
; diff: @f(x: f64 = 0.9, y: f64 = 0.3, n: const i64 = 2, m: const i64 = 3, l: const i64 = 2) -> f64
; diff: @f(x: f64 = 0.9, y: f64 = 0.3, n: const i64 = 3, m: const i64 = 0, l: const i64 = 2) -> f64

define double @f(double %x, double %y, i64 %n, i64 %m, i64 %l) {
entry:
  br label %ah
ah:
  %i = phi i64 [ 0, %entry ], [ %i1, %al ]
  %u = phi double [ %x, %entry ], [ %u2, %al ]
  %ic = icmp slt i64 %i, %n
  br i1 %ic, label %bh0, label %d
bh0:
  %ua = fmul double %u, %u
  br label %bh
bh:
  %j = phi i64 [ 0, %bh0 ], [ %j1, %bl ]
  %v = phi double [ %ua, %bh0 ], [ %v2, %bl ]
  %jc = icmp slt i64 %j, %m
  br i1 %jc, label %ch0, label %al
ch0:
  br label %ch
ch:
  %k = phi i64 [ 0, %ch0 ], [ %k1, %cb ]
  %w = phi double [ %v, %ch0 ], [ %w1, %cb ]
  %kc = icmp slt i64 %k, %l
  br i1 %kc, label %cb, label %bl
cb:
  %p = fmul double %w, %y
  %w1 = fadd double %p, %x
  %k1 = add nsw i64 %k, 1
  br label %ch
bl:
  %v2 = fmul double %w, %x
  %j1 = add nsw i64 %j, 1
  br label %bh
al:
  %u2 = fadd double %v, %y
  %i1 = add nsw i64 %i, 1
  br label %ah
d:
  ret double %u
}
