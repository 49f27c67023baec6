; What: arguments without markers get their default activities
; Covers: marker default activity
; run
; opt: O0 O1 O2 opt

declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x, ptr %p, i64 %n) {
  %v = load double, ptr %p
  %k = sitofp i64 %n to double
  %a = fmul double %x, %v
  %r = fmul double %a, %k
  ret double %r
}
define i32 @main() {
  %p = alloca double
  %d = alloca double
  store double 3.0, ptr %p
  store double 0.5, ptr %d
  %dx = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double 2.0, ptr %p, ptr %d, i64 5)
  %dp = load double, ptr %d
  %a = fcmp une double %dx, 15.0
  %b = fcmp une double %dp, 10.5
  %c = or i1 %a, %b
  %r = zext i1 %c to i32
  ret i32 %r
}
