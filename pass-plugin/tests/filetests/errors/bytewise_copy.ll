; What: bytes of floats that are copied to two places at once
; Covers: error bytewise copy
; error: "copied to several places"

declare void @__enzyme_autodiff(ptr, ...)

define void @f(ptr %p, ptr %o) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %n, %l ]
  %a = getelementptr inbounds i8, ptr %p, i64 %i
  %x = load volatile i8, ptr %a
  %b = getelementptr inbounds i8, ptr %o, i64 %i
  store volatile i8 %x, ptr %b
  %i.2 = add i64 %i, 16
  %b.2 = getelementptr inbounds i8, ptr %o, i64 %i.2
  store volatile i8 %x, ptr %b.2
  %n = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %n, 16
  br i1 %c, label %d, label %l
d:
  %v = load double, ptr %o
  %w = fmul double %v, 2.0
  store double %w, ptr %o
  ret void
}

define void @df(ptr %p, ptr %dp, ptr %o, ptr %do) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %p, ptr %dp, ptr %o, ptr %do)
  ret void
}
