; What: a float copied as a 64-bit integer
; Covers: memory copy as integer
; diff: @f(p: dup [f64] = [3.0, 2.0], o: dup [f64] = [0.0, 1.0]) -> f64
; grad: p = [2*p[0], 0]

define double @f(ptr %p, ptr %o) {
  %i = load i64, ptr %p
  store i64 %i, ptr %o
  %x = load double, ptr %o
  %r = fmul double %x, %x
  ret double %r
}
