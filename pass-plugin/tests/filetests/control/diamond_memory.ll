; What: branches that store different values to the same memory
; Covers: control diamond memory
; diff: @f(x: f64 = 2.0, o: dup [f64] = [0.5]) -> void
; seed: o = [1.0]
; grad: x = 2*x, o = [0]
; diff: @f(x: f64 = -2.0, o: dup [f64] = [0.5]) -> void
; seed: o = [1.0]
; grad: x = o[0], o = [x]

define void @f(double %x, ptr %o) {
entry:
  %c = fcmp ogt double %x, 0.0
  br i1 %c, label %pos, label %neg
pos:
  %a = fmul double %x, %x
  store double %a, ptr %o
  br label %join
neg:
  %v = load double, ptr %o
  %b = fmul double %x, %v
  store double %b, ptr %o
  br label %join
join:
  ret void
}
