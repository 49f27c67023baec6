; What: a marker given as metadata
; Covers: marker metadata
; run

declare double @__enzyme_autodiff(...)
define double @f(double %x, double %y) {
  %r = fmul double %x, %y
  ret double %r
}
define i32 @main() {
  %dx = call double (...) @__enzyme_autodiff(ptr @f, metadata !"enzyme_const", double 2.0, metadata !"enzyme_out", double 5.0)
  %a = fcmp une double %dx, 2.0
  %r = zext i1 %a to i32
  ret i32 %r
}
