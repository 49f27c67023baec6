; What: a variable whose size depends on the machine holds active data: refused, where its size was asked for before (a crash)
; Covers: errors variables of an unknown size
; error: "ER0007" "alloca of a type of unknown size"

define double @f(double %x) {
  %a = alloca <vscale x 2 x double>
  %p = getelementptr <vscale x 2 x double>, ptr %a, i64 0, i64 1
  store volatile double %x, ptr %p
  %y = load volatile double, ptr %p
  ret double %y
}

declare double @__enzyme_autodiff(...)

define double @caller(double %x) {
  %d = call double (...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %d
}
