; What: the first argument is not a function that is known
; Covers: error not a function
; error: "function"

declare double @__enzyme_autodiff(ptr, ...)
define double @df(ptr %f, double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr %f, double %x)
  ret double %r
}
