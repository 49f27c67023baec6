; What: the function to differentiate has no body
; Covers: error body missing
; error: "elsewhere"

declare double @elsewhere(double)
declare double @__enzyme_autodiff(ptr, ...)
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @elsewhere, double %x)
  ret double %r
}
