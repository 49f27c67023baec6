; What: sum of cubes with the trip count in an argument, zero trips included
; Covers: control counted argument
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; value: 36
; grad: p = [3*p[0]^2, 3*p[1]^2, 3*p[2]^2]
; diff: @f(p: dup [f64] = [1.0], n: const i64 = 0) -> f64
; value: 0
; grad: p = [0]
; diff: @f(p: dup [f64] = [1.5], n: const i64 = 1) -> f64
; grad: p = [3*p[0]^2]
; opt: O0 O1 O2 opt

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %s = phi double [ 0.0, %entry ], [ %s1, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %k = fmul double %q, %x
  %s1 = fadd double %s, %k
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %s
}
