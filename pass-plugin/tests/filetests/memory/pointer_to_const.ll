; What: an active structure that points to constant data, which is only read
; Covers: memory pointer to const
; diff: @f(h: dup [{f64, ptr}] = [{3.0, k}], k: mem const [i64] = [4]) -> f64
; value: 12
; grad: h = [4]

define double @f(ptr %h) {
  %x = load double, ptr %h
  %a = getelementptr i8, ptr %h, i64 8
  %p = load ptr, ptr %a
  %n = load i64, ptr %p
  %k = sitofp i64 %n to double
  %r = fmul double %x, %k
  ret double %r
}
