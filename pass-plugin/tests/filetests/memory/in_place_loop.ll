; What: x[i] *= x[i] in a loop: the old value is needed after it is overwritten
; Covers: memory in place loop
; diff: @f(p: dup [f64] = [3.0, -2.0, 0.5], n: const i64 = 3) -> void
; seed: p = [1.0, 10.0, 100.0]
; grad: p = [2*p[0], 20*p[1], 200*p[2]]
; opt: O0 O1 O2 opt

define void @f(ptr %p, i64 %n) {
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
  store double %q, ptr %a
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret void
}
