; What: a triangular nest: the inner bound is the outer counter
; Covers: control triangular
; diff: @f(p: dup [f64] = [1.0, 2.0, -1.5, 0.5], n: const i64 = 4) -> f64
; grad: p = [p[1] + p[2] + p[3], p[0] + p[2] + p[3], p[0] + p[1] + p[3], p[0] + p[1] + p[2]]

define double @f(ptr %p, i64 %n) {
entry:
  br label %oh
oh:
  %i = phi i64 [ 0, %entry ], [ %i1, %ol ]
  %s = phi double [ 0.0, %entry ], [ %t, %ol ]
  %ic = icmp ult i64 %i, %n
  br i1 %ic, label %ob, label %d
ob:
  %xa = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %xa
  br label %ih
ih:
  %j = phi i64 [ 0, %ob ], [ %j1, %ib ]
  %t = phi double [ %s, %ob ], [ %t1, %ib ]
  %jc = icmp ult i64 %j, %i
  br i1 %jc, label %ib, label %ol
ib:
  %ya = getelementptr inbounds double, ptr %p, i64 %j
  %y = load double, ptr %ya
  %q = fmul double %x, %y
  %t1 = fadd double %t, %q
  %j1 = add nuw i64 %j, 1
  br label %ih
ol:
  %i1 = add nuw i64 %i, 1
  br label %oh
d:
  ret double %s
}
