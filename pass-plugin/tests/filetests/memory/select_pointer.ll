; What: a load through a pointer chosen by a select
; Covers: instruction select of pointers; memory select pointer
; diff: @f(p: dup [f64] = [3.0], q: dup [f64] = [2.0], k: const i64 = 1) -> f64
; grad: p = [2*p[0]], q = [0]
; diff: @f(p: dup [f64] = [3.0], q: dup [f64] = [2.0], k: const i64 = 0) -> f64
; grad: p = [0], q = [2*q[0]]

define double @f(ptr %p, ptr %q, i64 %k) {
  %c = icmp eq i64 %k, 1
  %a = select i1 %c, ptr %p, ptr %q
  %x = load double, ptr %a
  %r = fmul double %x, %x
  ret double %r
}
