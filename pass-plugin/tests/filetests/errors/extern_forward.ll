; What: a function without a body in forward mode
; Covers: error extern forward
; error: "mystery"

declare double @mystery(double)
declare double @__enzyme_fwddiff(ptr, ...)
define double @f(double %x) {
  %r = call double @mystery(double %x)
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_fwddiff(ptr @f, double %x, double 1.0)
  ret double %r
}
