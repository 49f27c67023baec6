; What: a number made of some bits of a float's fraction, at a width that is no float's, has a slope that nobody knows: refused
; Covers: error arithmetic on bits
; error: "arithmetic on the bits of a float"

declare double @__enzyme_autodiff(ptr, ...)

define double @f(double %x) {
  %u = bitcast double %x to i64
  %s = lshr i64 %u, 20
  %t = trunc i64 %s to i32
  %r = uitofp i32 %t to double
  ret double %r
}

define double @df(double %x) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %d
}
