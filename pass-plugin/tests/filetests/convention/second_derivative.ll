; What: a derivative of a derivative: forward over reverse
; Covers: entry nested derivatives
; run
; opt: O1 O2 opt

declare double @__enzyme_autodiff(ptr, ...)
declare double @__enzyme_fwddiff(ptr, ...)
define double @f(double %x) {
  %s = fmul double %x, %x
  %r = fmul double %s, %x
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
define i32 @main() {
  %dd = call double (ptr, ...) @__enzyme_fwddiff(ptr @df, double 2.0, double 1.0)
  %a = fcmp une double %dd, 12.0
  %r = zext i1 %a to i32
  ret i32 %r
}
