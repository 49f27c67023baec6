; What: the output buffer is the input buffer
; Covers: aliasing output is input
; diff: @f(p: dup [f64] = [3.0, 2.0], o: alias p) -> void
; diff: @f(p: dup [f64] = [3.0, 2.0], o: dup [f64] = [0.0, 0.0]) -> void

define void @f(ptr %p, ptr %o) {
  %x = load double, ptr %p
  %a = getelementptr inbounds double, ptr %p, i64 1
  %q = fmul double %x, %x
  store double %q, ptr %o
  %y = load double, ptr %a
  %x2 = load double, ptr %p
  %m = fmul double %y, %x2
  %b = getelementptr inbounds double, ptr %o, i64 1
  store double %m, ptr %b
  ret void
}
