; What: x[i] = x[i-1]*x[i]: each iteration reads what the one before wrote
; Covers: memory prefix product
; diff: @f(p: dup [f64] = [2.0, 3.0, 0.5], n: const i64 = 3) -> void
; seed: p = [0.0, 0.0, 1.0]
; grad: p = [p[1]*p[2], p[0]*p[2], p[0]*p[1]]
; opt: O0 O1 O2 opt

define void @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 1, %entry ], [ %i1, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %k = add nsw i64 %i, -1
  %e = getelementptr inbounds double, ptr %p, i64 %k
  %y = load double, ptr %e
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %y
  store double %q, ptr %a
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret void
}
