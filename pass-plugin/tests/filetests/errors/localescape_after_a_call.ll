; What: locals that are handed to other functions, behind calls that are inlined: preparing would move the place where they are named
; Covers: errors llvm.localescape
; error: "ER0007" "llvm.localescape"

define internal double @power(double %x, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %p = phi double [ 1.0, %entry ], [ %q, %loop ]
  %q = fmul double %p, %x
  %next = add nuw nsw i64 %i, 1
  %done = icmp eq i64 %next, %n
  br i1 %done, label %end, label %loop
end:
  ret double %q
}

define double @f(double %x, i64 %n) {
entry:
  %r = call double @power(double %x, i64 %n)
  %a = alloca double
  call void (...) @llvm.localescape(ptr %a)
  ret double %r
}

declare void @llvm.localescape(...)

@enzyme_const = external global i32
declare double @__enzyme_autodiff(...)

define double @caller(double %x, i64 %n) {
  %const = load i32, ptr @enzyme_const
  %d = call double (...) @__enzyme_autodiff(ptr @f, double %x, i32 %const, i64 %n)
  ret double %d
}
