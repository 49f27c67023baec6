; What: the first of two stores to one place contributes nothing
; Covers: memory store twice
; diff: @f(x: f64 = 2.0, y: f64 = 3.0, o: dup [f64] = [0.0]) -> void
; seed: o = [1.0]
; grad: x = 0, y = 2*y, o = [0]
; opt: O0 O1 opt

define void @f(double %x, double %y, ptr %o) {
  %a = fmul double %x, %x
  store double %a, ptr %o
  %b = fmul double %y, %y
  store double %b, ptr %o
  ret void
}
