; What: a function from a table in memory, an unknown one of three, by value and through memory.
; Covers: calls function pointer table
; diff: @f(x: f64 = 1.5, k: const i64 = 0) -> f64
; grad: x = 2*x + 3
; diff: @f(x: f64 = 1.5, k: const i64 = 1) -> f64
; grad: x = cos(x) + 3
; diff: @f(x: f64 = 1.5, k: const i64 = 2) -> f64
; grad: x = 3
; opt: O0 O1 O2 opt
@table = constant [3 x ptr] [ptr @square, ptr @sin, ptr @seven]
@through = global ptr @triple
declare double @sin(double)
define internal double @square(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define internal double @seven(double %x) {
  ret double 7.0
}
define internal void @triple(ptr %p) {
  %x = load double, ptr %p
  %r = fmul double %x, 3.0
  store double %r, ptr %p
  ret void
}
define double @f(double %x, i64 %k) {
  %m = alloca double
  store double %x, ptr %m
  %t = load ptr, ptr @through
  call void %t(ptr %m)
  %s = getelementptr ptr, ptr @table, i64 %k
  %f = load ptr, ptr %s
  %a = call double %f(double %x)
  %b = load double, ptr %m
  %r = fadd double %a, %b
  ret double %r
}
