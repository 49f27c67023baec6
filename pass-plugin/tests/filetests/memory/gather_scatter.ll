; What: indirect indices: o[k[i]] += x[k[n-1-i]]^2
; Covers: memory gather scatter
; diff: @f(x: dup [f64] = [1.0, 2.0, 3.0], o: dup [f64] = [0.5, 0.25, 0.125], k: const [i64] = [2, 0, 2], n: const i64 = 3) -> void
; opt: O0 O1 O2 opt

define void @f(ptr %x, ptr %o, ptr %k, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %ka = getelementptr inbounds i64, ptr %k, i64 %i
  %to = load i64, ptr %ka
  %n1 = sub i64 %n, 1
  %ri = sub i64 %n1, %i
  %kb = getelementptr inbounds i64, ptr %k, i64 %ri
  %from = load i64, ptr %kb
  %xa = getelementptr inbounds double, ptr %x, i64 %from
  %v = load double, ptr %xa
  %q = fmul double %v, %v
  %oa = getelementptr inbounds double, ptr %o, i64 %to
  %s = load double, ptr %oa
  %s1 = fadd double %s, %q
  store double %s1, ptr %oa
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret void
}
