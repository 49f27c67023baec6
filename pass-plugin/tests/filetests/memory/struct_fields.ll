; What: a struct of float, integer and float fields
; Covers: memory struct fields
; diff: @f(p: dup [{f64, i64, f64}] = [{2.0, 3, 4.0}]) -> f64
; value: 2*4*3
; grad: p = [12, 6]
; opt: O0 O1 O2 opt

%s = type { double, i64, double }
define double @f(ptr %p) {
  %b = getelementptr inbounds %s, ptr %p, i32 0, i32 1
  %c = getelementptr inbounds %s, ptr %p, i32 0, i32 2
  %x = load double, ptr %p
  %n = load i64, ptr %b
  %y = load double, ptr %c
  %k = sitofp i64 %n to double
  %q = fmul double %x, %y
  %r = fmul double %q, %k
  ret double %r
}
