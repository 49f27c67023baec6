; What: a whole struct loaded and stored as one value
; Covers: instruction load of a struct; instruction store of a struct
; diff: @f(p: dup [{f64, f64}] = [{3.0, 2.0}], o: dup [{f64, f64}] = [{0.0, 0.0}]) -> f64
; grad: p = [p[1], p[0]]

define double @f(ptr %p, ptr %o) {
  %v = load { double, double }, ptr %p
  store { double, double } %v, ptr %o
  %x = load double, ptr %o
  %b = getelementptr i8, ptr %o, i64 8
  %y = load double, ptr %b
  %r = fmul double %x, %y
  ret double %r
}
