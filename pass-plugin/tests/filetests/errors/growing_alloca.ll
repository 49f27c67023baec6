; What: a loop that takes ever more stack, all of it alive until the function returns
; Covers: error growing alloca
; error: "stack memory"

declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %last = phi ptr [ null, %entry ], [ %t, %l ]
  %i1 = add nuw nsw i64 %i, 1
  %t = alloca double, i64 %i1
  store volatile double %x, ptr %t
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %y = load volatile double, ptr %t
  ret double %y
}
define double @df(double %x, i64 %n) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x, i64 %n)
  ret double %r
}
