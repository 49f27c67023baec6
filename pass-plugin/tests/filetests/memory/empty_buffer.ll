; What: a slice of length zero is never accessed
; Covers: memory empty buffer
; diff: @f(x: f64 = 3.0, p: dup [f64] = [], n: const i64 = 0) -> f64
; value: 9
; grad: x = 2*x

define double @f(double %x, ptr %p, i64 %n) {
entry:
  %q = fmul double %x, %x
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %s = phi double [ %q, %entry ], [ %s1, %b ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %y = load double, ptr %a
  %s1 = fmul double %s, %y
  %i1 = add nuw i64 %i, 1
  br label %h
d:
  ret double %s
}
