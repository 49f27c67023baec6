; What: a callee with a swifterror parameter is refused, not called wrongly
; error: ER0007 "swifterror"
; Covers: types swifterror
define double @g(double %x, ptr swifterror %e) noinline {
  %w = fmul double %x, %x
  ret double %w
}
define double @f(double %x) {
  %e = alloca swifterror ptr
  store ptr null, ptr %e
  %r = call double @g(double %x, ptr swifterror %e)
  ret double %r
}
declare double @__enzyme_autodiff(...)
define double @rev(double %x) {
  %r = call double (...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
