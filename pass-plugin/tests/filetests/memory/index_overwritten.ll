; What: an index array that the function overwrites after using it
; Covers: memory index overwritten
; diff: @f(x: dup [f64] = [1.0, 2.0, 3.0], k: const [i64] = [2, 0, 1], n: const i64 = 3) -> f64
; grad: x = [2*x[0], 2*x[1], 2*x[2]]
; opt: O0 O1 O2 opt

define double @f(ptr %x, ptr %k, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %ka = getelementptr inbounds i64, ptr %k, i64 %i
  %j = load i64, ptr %ka
  store i64 -1, ptr %ka
  %xa = getelementptr inbounds double, ptr %x, i64 %j
  %v = load double, ptr %xa
  %q = fmul double %v, %v
  %s1 = fadd double %s, %q
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
