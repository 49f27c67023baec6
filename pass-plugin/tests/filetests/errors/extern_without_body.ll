; What: a function without a body and without a rule that gets active arguments
; Covers: error extern without body
; error: "mystery"

declare double @mystery(double)
declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x) {
  %r = call double @mystery(double %x)
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
