; What: floats that are copied byte by byte
; Covers: memory bytewise copy
; opt: O1 opt
; diff: @f(p: dup [f64] = [1.5, -2.0], o: dup [f64] = [0.0, 0.0]) -> void
; seed: o = [1.0, 3.0]
; grad: p = [2.0, 3.0], o = [0.0, 0.0]

define void @f(ptr %p, ptr %o) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %n, %l ]
  %a = getelementptr inbounds i8, ptr %p, i64 %i
  %x = load volatile i8, ptr %a
  %b = getelementptr inbounds i8, ptr %o, i64 %i
  store volatile i8 %x, ptr %b
  %n = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %n, 16
  br i1 %c, label %d, label %l
d:
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}

