; What: a counter that runs down
; Covers: control decreasing
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; value: (0.5*3 + 2)*0.5 + 1
; grad: p = [1, 0.5, 0.25]

define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ %n, %entry ], [ %i1, %b ]
  %s = phi double [ 0.0, %entry ], [ %s1, %b ]
  %c = icmp sgt i64 %i, 0
  br i1 %c, label %b, label %d
b:
  %i1 = add nsw i64 %i, -1
  %a = getelementptr inbounds double, ptr %p, i64 %i1
  %x = load double, ptr %a
  %h2 = fmul double %s, 0.5
  %s1 = fadd double %h2, %x
  br label %h
d:
  ret double %s
}
