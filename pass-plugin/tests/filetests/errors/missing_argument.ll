; What: fewer arguments than the function has
; Covers: error missing argument
; error: "argument"

@enzyme_dup = external global i32
@enzyme_const = external global i32

declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x, double %y) {
  %r = fmul double %x, %y
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
