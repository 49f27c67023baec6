; What: a pointer to memory that holds a pointer to the data
; Covers: memory pointer to pointer
; diff: @f(h: dup [{ptr, i64}] = [{d, 3}], d: mem dup [f64] = [1.0, 2.0, 3.0]) -> f64
; value: 14
; grad: d = [2*d[0], 2*d[1], 2*d[2]]
; opt: O0 O1 O2 opt

define double @f(ptr %h) {
entry:
  %na = getelementptr inbounds i8, ptr %h, i64 8
  %n = load i64, ptr %na
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %p = load ptr, ptr %h
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %a
  %q = fmul double %x, %x
  %s1 = fadd double %s, %q
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
