; What: an activity marker that does not exist
; Covers: error unknown marker
; error: "enzyme_foo"

@enzyme_foo = external global i32
declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_foo, double %x)
  ret double %r
}
