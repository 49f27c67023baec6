; What: a jump that assembly decides is refused
; error: ER0007 "callbr"
; Covers: instruction callbr
define double @f(double %x) {
  %y = callbr i32 asm "", "=r,r,!i"(i32 1) to label %a [label %b]
a:
  %p = fmul double %x, %x
  ret double %p
b:
  ret double %x
}
declare double @__enzyme_autodiff(...)
define double @rev(double %x) {
  %r = call double (...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
