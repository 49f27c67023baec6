; What: two structs with a pointer swapped word by word in a loop, as Rust's mem::swap of two Vecs
; Covers: memory swap by words
; diff: @f(x: f64 = 3.0, y: f64 = 2.0) -> f64
; value: 2*3*3
; grad: x = 2*2*x, y = x*x
; opt: O0 opt

define double @f(double %x, double %y) {
entry:
  %a = alloca [24 x i8]
  %b = alloca [24 x i8]
  %u = alloca double
  %v = alloca double
  store double %x, ptr %u
  store double %y, ptr %v
  store i64 1, ptr %a
  %a1 = getelementptr inbounds i8, ptr %a, i64 8
  store ptr %u, ptr %a1
  %a2 = getelementptr inbounds i8, ptr %a, i64 16
  store i64 7, ptr %a2
  store i64 1, ptr %b
  %b1 = getelementptr inbounds i8, ptr %b, i64 8
  store ptr %v, ptr %b1
  %b2 = getelementptr inbounds i8, ptr %b, i64 16
  store i64 9, ptr %b2
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %n, %l ]
  %p = getelementptr inbounds i64, ptr %a, i64 %i
  %q = getelementptr inbounds i64, ptr %b, i64 %i
  %s = load i64, ptr %p
  %t = load i64, ptr %q
  store i64 %t, ptr %p
  store i64 %s, ptr %q
  %n = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %n, 3
  br i1 %c, label %d, label %l
d:
  %pb = load ptr, ptr %b1
  %pa = load ptr, ptr %a1
  %xx = load double, ptr %pb
  %yy = load double, ptr %pa
  %m = fmul double %xx, %xx
  %r = fmul double %m, %yy
  ret double %r
}
