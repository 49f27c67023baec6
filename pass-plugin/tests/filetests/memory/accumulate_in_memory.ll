; What: o[0] += x[i]*x[i]: a reduction that lives in memory
; Covers: memory accumulate in memory
; diff: @f(p: dup [f64] = [2.0, 3.0, 4.0], n: const i64 = 3, o: dup [f64] = [0.5]) -> void
; seed: o = [1.0]
; grad: p = [2*p[0], 2*p[1], 2*p[2]], o = [1]
; opt: O0 O1 O2 opt

define void @f(ptr %p, i64 %n, ptr %o) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %s = load double, ptr %o
  %s1 = fadd double %s, %q
  store double %s1, ptr %o
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret void
}
