; What: a dot product in single precision
; Covers: control f32 dot
; diff: @f(p: dup [f32] = [1.0, 2.0, 3.0], q: dup [f32] = [0.5, -1.0, 2.0], n: const i64 = 3) -> f32
; grad: p = [q[0], q[1], q[2]], q = [p[0], p[1], p[2]]

define float @f(ptr %p, ptr %q, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %b ]
  %s = phi float [ 0.0, %entry ], [ %s1, %b ]
  %c = icmp slt i64 %i, %n
  br i1 %c, label %b, label %d
b:
  %a = getelementptr inbounds float, ptr %p, i64 %i
  %x = load float, ptr %a
  %e = getelementptr inbounds float, ptr %q, i64 %i
  %y = load float, ptr %e
  %m = fmul float %x, %y
  %s1 = fadd float %s, %m
  %i1 = add nsw i64 %i, 1
  br label %h
d:
  ret float %s
}
