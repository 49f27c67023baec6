; What: more arguments than the function has
; Covers: error too many arguments
; error: "argument"

@enzyme_dup = external global i32
@enzyme_const = external global i32

declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x, double %x, double %x)
  ret double %r
}
