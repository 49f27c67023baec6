; What: the entry point is recognised inside a longer name
; Covers: entry mangled names
; run

declare double @_Z17__enzyme_autodiffPvz(ptr, ...)
define double @f(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define i32 @main() {
  %dx = call double (ptr, ...) @_Z17__enzyme_autodiffPvz(ptr @f, double 2.0)
  %a = fcmp une double %dx, 4.0
  %r = zext i1 %a to i32
  ret i32 %r
}
