; What: blocks that nothing branches to
; Covers: control unreachable block
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 2*x
; opt: O0 O1 opt

define double @f(double %x) {
entry:
  br label %j
dead:
  %d = fmul double %x, 7.0
  br label %j
j:
  %p = phi double [ %x, %entry ], [ %d, %dead ]
  %r = fmul double %p, %p
  ret double %r
}
