; What: a noinline function that has a loop with its own tape, called in a loop
; Covers: calls loop in callee
; diff: @f(p: dup [f64] = [0.5, 1.2, -0.7], n: const i64 = 3) -> f64
; opt: O1 O2 opt

define internal double @prod(ptr %p, i64 %n, double %x) noinline {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ %x, %entry ], [ %w, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %y = load double, ptr %a
  %m = fmul double %v, %y
  %w = fadd double %m, %y
  store double %m, ptr %a
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %v = phi double [ 1.0, %entry ], [ %w, %b ]
  %c = icmp sle i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %w = call double @prod(ptr %p, i64 %i, double %v)
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %v
}
