; What: a variadic function that is handed active data is refused by name
; error: ER0007 "`sum` takes a variable number of arguments" "array"
; Covers: instruction va_arg
declare void @llvm.va_start.p0(ptr)
declare void @llvm.va_end.p0(ptr)
define double @sum(i32 %n, ...) {
  %l = alloca [24 x i8], align 16
  call void @llvm.va_start.p0(ptr %l)
  %v = va_arg ptr %l, double
  call void @llvm.va_end.p0(ptr %l)
  ret double %v
}
define double @f(double %x) {
  %r = call double (i32, ...) @sum(i32 1, double %x)
  ret double %r
}
declare double @__enzyme_autodiff(...)
define double @rev(double %x) {
  %r = call double (...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
