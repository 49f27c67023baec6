; What: a scratch array that every outer iteration overwrites and reads
; Covers: memory scratch overwritten
; diff: @f(x: f64 = 0.7, n: const i64 = 3) -> f64
; opt: O0 O1 O2 opt

define double @f(double %x, i64 %n) {
entry:
  %t = alloca [4 x double]
  br label %oh
oh:
  %i = phi i64 [ 0, %entry ], [ %i1, %ol ]
  %s = phi double [ %x, %entry ], [ %u, %ol ]
  %ic = icmp slt i64 %i, %n
  br i1 %ic, label %fill, label %d
fill:
  %j = phi i64 [ 0, %oh ], [ %j1, %fill ]
  %v = phi double [ %s, %oh ], [ %v1, %fill ]
  %a = getelementptr inbounds double, ptr %t, i64 %j
  store double %v, ptr %a
  %v1 = fmul double %v, %x
  %j1 = add nsw i64 %j, 1
  %jc = icmp slt i64 %j1, 4
  br i1 %jc, label %fill, label %use
use:
  %k = phi i64 [ 0, %fill ], [ %k1, %use ]
  %u0 = phi double [ 0.0, %fill ], [ %u, %use ]
  %b = getelementptr inbounds double, ptr %t, i64 %k
  %y = load double, ptr %b
  %q = fmul double %y, %y
  %u = fadd double %u0, %q
  %k1 = add nsw i64 %k, 1
  %kc = icmp slt i64 %k1, 4
  br i1 %kc, label %use, label %ol
ol:
  %i1 = add nsw i64 %i, 1
  br label %oh
d:
  ret double %s
}
