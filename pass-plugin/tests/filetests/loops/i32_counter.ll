; What: a 32-bit counter that is sign-extended for addressing
; Covers: control i32 counter
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i32 = 3) -> f64
; grad: p = [2*p[0], 2*p[1], 2*p[2]]
; opt: O0 O1 O2 opt

define double @f(ptr %p, i32 %n) {
entry:
  br label %h
h:
  %i = phi i32 [ 0, %entry ], [ %i1, %b ]
  %s = phi double [ 0.0, %entry ], [ %s1, %b ]
  %c = icmp slt i32 %i, %n
  br i1 %c, label %b, label %d
b:
  %k = sext i32 %i to i64
  %a = getelementptr inbounds double, ptr %p, i64 %k
  %x = load double, ptr %a
  %m = fmul double %x, %x
  %s1 = fadd double %s, %m
  %i1 = add nsw i32 %i, 1
  br label %h
d:
  ret double %s
}
