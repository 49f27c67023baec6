; What: inline assembly on active data
; Covers: error inline asm
; error: "asm"

declare double @__enzyme_autodiff(ptr, ...)
define double @f(double %x) {
  %r = call double asm "addsd $1, $0; addsd $1, $0", "=x,x,0"(double %x, double %x)
  ret double %r
}
define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
