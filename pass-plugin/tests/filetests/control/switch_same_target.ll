; What: a phi with two entries for one switch block
; Covers: control switch same target
; diff: @f(k: const i32 = 3, x: f64 = 1.5, y: f64 = 2.0) -> f64
; grad: x = y, y = x
; diff: @f(k: const i32 = 0, x: f64 = 1.5, y: f64 = 2.0) -> f64
; grad: x = 2*x, y = 0

define double @f(i32 %k, double %x, double %y) {
entry:
  %s = fmul double %x, %x
  switch i32 %k, label %other [
    i32 0, label %join
    i32 1, label %join
  ]
other:
  %b = fmul double %x, %y
  br label %join
join:
  %r = phi double [ %s, %entry ], [ %s, %entry ], [ %b, %other ]
  ret double %r
}
