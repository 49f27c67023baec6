; What: loads with alias.scope metadata, as inlined noalias arguments leave it, on one buffer
; Covers: aliasing alias scopes
; diff: @f(p: dup [f64] = [3.0], q: alias p) -> f64
; value: 9
; grad: p = [2*p[0]]

define double @f(ptr %p, ptr %q) {
  %x = load double, ptr %p, !alias.scope !0, !noalias !3
  %y = load double, ptr %q, !alias.scope !3, !noalias !0
  %r = fmul double %x, %y
  ret double %r
}
!0 = !{!1}
!1 = distinct !{!1, !2, !"first"}
!2 = distinct !{!2, !"f"}
!3 = !{!4}
!4 = distinct !{!4, !2, !"second"}
