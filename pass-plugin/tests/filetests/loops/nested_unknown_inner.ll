; What: nested loops with an unknown inner trip count
; Covers: control nested unknown inner
; diff: @f(x: f64 = 0.5, c: const [i64] = [2, 0, 3], n: const i64 = 3) -> f64
; opt: O0 O1 O2 opt

define double @f(double %x, ptr %c, i64 %n) {
entry:
  br label %oh
oh:
  %i = phi i64 [ 0, %entry ], [ %i1, %ol ]
  %s = phi double [ %x, %entry ], [ %v, %ol ]
  %ic = icmp slt i64 %i, %n
  br i1 %ic, label %ob, label %d
ob:
  %ca = getelementptr i64, ptr %c, i64 %i
  %m = load i64, ptr %ca
  br label %ih
ih:
  %j = phi i64 [ %m, %ob ], [ %j1, %ib ]
  %v = phi double [ %s, %ob ], [ %w, %ib ]
  %jc = icmp ne i64 %j, 0
  br i1 %jc, label %ib, label %ol
ib:
  %q = fmul double %v, %v
  %w = fadd double %q, %x
  %j1 = add i64 %j, -1
  br label %ih
ol:
  %i1 = add i64 %i, 1
  br label %oh
d:
  ret double %s
}
