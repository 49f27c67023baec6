; What: stores through a pointer that a phi chooses
; Covers: instruction phi of pointers; memory phi pointer
; diff: @f(x: f64 = 1.5, p: dup [f64] = [3.0], q: dup [f64] = [2.0], k: const i64 = 1) -> void
; diff: @f(x: f64 = 1.5, p: dup [f64] = [3.0], q: dup [f64] = [2.0], k: const i64 = 0) -> void

define void @f(double %x, ptr %p, ptr %q, i64 %k) {
entry:
  %c = icmp eq i64 %k, 1
  br i1 %c, label %a, label %b
a:
  %v = load double, ptr %q
  br label %j
b:
  %w = load double, ptr %p
  br label %j
j:
  %t = phi ptr [ %p, %a ], [ %q, %b ]
  %u = phi double [ %v, %a ], [ %w, %b ]
  %m = fmul double %u, %x
  store double %m, ptr %t
  ret void
}
