; What: a loop over pointers from begin to end
; Covers: control pointer induction
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0], n: const i64 = 3) -> f64
; grad: p = [2*p[0], 2*p[1], 2*p[2]]
; opt: O0 O1 O2 opt

define double @f(ptr %p, i64 %n) {
entry:
  %end = getelementptr inbounds double, ptr %p, i64 %n
  br label %h
h:
  %q = phi ptr [ %p, %entry ], [ %q1, %b ]
  %s = phi double [ 0.0, %entry ], [ %s1, %b ]
  %c = icmp eq ptr %q, %end
  br i1 %c, label %d, label %b
b:
  %x = load double, ptr %q
  %m = fmul double %x, %x
  %s1 = fadd double %s, %m
  %q1 = getelementptr inbounds double, ptr %q, i64 1
  br label %h
d:
  ret double %s
}
