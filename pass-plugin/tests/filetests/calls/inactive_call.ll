; What: a called function that has nothing active: it runs once, in the forward sweep
; Covers: calls inactive call
; diff: @f(x: f64 = 1.5, k: const [i64] = [2, 3]) -> f64
; grad: x = 2*3
; opt: O0 O1 opt

define internal i64 @bump(ptr %k) noinline {
  %v = load i64, ptr %k
  %a = getelementptr i64, ptr %k, i64 1
  %w = load i64, ptr %a
  %p = mul i64 %v, %w
  %n = add i64 %v, 100
  store i64 %n, ptr %k
  ret i64 %p
}
define double @f(double %x, ptr %k) {
  %n = call i64 @bump(ptr %k)
  %f = sitofp i64 %n to double
  %r = fmul double %x, %f
  ret double %r
}
