; What: a directional derivative along several directions with two calls in one function
; Covers: entry __enzyme_fwddiff
; run
; opt: O0 O1 opt

declare double @__enzyme_fwddiff(ptr, ...)
define double @f(double %x, double %y) {
  %s = fmul double %x, %y
  %r = fmul double %s, %y
  ret double %r
}
define i32 @main() {
  %a = call double (ptr, ...) @__enzyme_fwddiff(ptr @f, double 2.0, double 1.0, double 3.0, double 0.0)
  %b = call double (ptr, ...) @__enzyme_fwddiff(ptr @f, double 2.0, double 0.0, double 3.0, double 1.0)
  %ca = fcmp une double %a, 9.0
  %cb = fcmp une double %b, 12.0
  %c = or i1 %ca, %cb
  %r = zext i1 %c to i32
  ret i32 %r
}
