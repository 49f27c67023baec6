; What: a loop that copies floats as integers, as Rust copies MaybeUninit
; Covers: memory copy loop as integer
; diff: @f(p: dup [f64] = [3.0, 2.0, -1.0], o: dup [f64] = [0.0, 1.0, 2.0], n: const i64 = 3) -> void
; seed: o = [1.0, 2.0, 4.0]
; grad: p = [2, 2, 4], o = [0, 0, 0]
; opt: O0 O1 opt

define void @f(ptr %p, ptr %o, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = getelementptr inbounds i64, ptr %p, i64 %i
  %x = load i64, ptr %a
  %b = getelementptr inbounds i64, ptr %o, i64 %i
  store i64 %x, ptr %b
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}
