; What: two nested counted loops: a bilinear form
; Covers: control nested two
; diff: @f(a: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], x: dup [f64] = [0.5, -1.0], y: dup [f64] = [1.0, 2.0, -0.5], n: const i64 = 2, m: const i64 = 3) -> f64
; grad: x = [a[0]*y[0] + a[1]*y[1] + a[2]*y[2], a[3]*y[0] + a[4]*y[1] + a[5]*y[2]], y = [a[0]*x[0] + a[3]*x[1], a[1]*x[0] + a[4]*x[1], a[2]*x[0] + a[5]*x[1]]
; opt: O0 O1 O2 opt

define double @f(ptr %a, ptr %x, ptr %y, i64 %n, i64 %m) {
entry:
  br label %oh
oh:
  %i = phi i64 [ 0, %entry ], [ %i1, %ol ]
  %s = phi double [ 0.0, %entry ], [ %t, %ol ]
  %ic = icmp slt i64 %i, %n
  br i1 %ic, label %ob, label %d
ob:
  %xa = getelementptr inbounds double, ptr %x, i64 %i
  %xv = load double, ptr %xa
  %row = mul nsw i64 %i, %m
  br label %ih
ih:
  %j = phi i64 [ 0, %ob ], [ %j1, %ib ]
  %t = phi double [ %s, %ob ], [ %t1, %ib ]
  %jc = icmp slt i64 %j, %m
  br i1 %jc, label %ib, label %ol
ib:
  %k = add nsw i64 %row, %j
  %aa = getelementptr inbounds double, ptr %a, i64 %k
  %av = load double, ptr %aa
  %ya = getelementptr inbounds double, ptr %y, i64 %j
  %yv = load double, ptr %ya
  %p = fmul double %av, %xv
  %q = fmul double %p, %yv
  %t1 = fadd double %t, %q
  %j1 = add nsw i64 %j, 1
  br label %ih
ol:
  %i1 = add nsw i64 %i, 1
  br label %oh
d:
  ret double %s
}
