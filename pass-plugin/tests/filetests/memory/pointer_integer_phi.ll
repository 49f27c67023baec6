; What: a pointer carried as an integer phi beside a dangling constant, as rustc does for empty vectors
; Covers: memory pointer integer phi
; diff: @f(p: dup [f64] = [3.0, 2.0], n: const i64 = 2) -> f64
; value: 13
; grad: p = [2*p[0], 2*p[1]]
; diff: @f(p: dup [f64] = [3.0], n: const i64 = 0) -> f64
; grad: p = [0]

define double @f(ptr %p, i64 %n) {
entry:
  %z = icmp eq i64 %n, 0
  br i1 %z, label %j, label %some
some:
  %a = ptrtoint ptr %p to i64
  br label %j
j:
  %k = phi i64 [ %a, %some ], [ 8, %entry ]
  %q = inttoptr i64 %k to ptr
  br label %h
h:
  %i = phi i64 [ 0, %j ], [ %i1, %b ]
  %s = phi double [ 0.0, %j ], [ %s1, %b ]
  %c = icmp ult i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %e = getelementptr inbounds double, ptr %q, i64 %i
  %x = load double, ptr %e
  %m = fmul double %x, %x
  %s1 = fadd double %s, %m
  %i1 = add nuw i64 %i, 1
  br label %h
d:
  ret double %s
}
