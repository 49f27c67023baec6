; What: an array of structs with an integer that chooses what to do
; Covers: memory array of structs
; diff: @f(p: dup [{f64, i64}] = [{2.0, 0}, {3.0, 1}, {4.0, 0}], n: const i64 = 3) -> f64
; value: 4 + 3 + 16
; grad: p = [2*2, 1, 2*4]

%s = type { double, i64 }
define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %j ]
  %t = phi double [ 0.0, %entry ], [ %t1, %j ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds %s, ptr %p, i64 %i
  %x = load double, ptr %a
  %ka = getelementptr inbounds %s, ptr %p, i64 %i, i32 1
  %k = load i64, ptr %ka
  %z = icmp eq i64 %k, 0
  br i1 %z, label %sq, label %j
sq:
  %q = fmul double %x, %x
  br label %j
j:
  %v = phi double [ %q, %sq ], [ %x, %b ]
  %t1 = fadd double %t, %v
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret double %t
}
