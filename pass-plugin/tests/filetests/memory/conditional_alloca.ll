; What: a stack array of run-time size that only one path makes
; Covers: memory conditional alloca
; diff: @f(x: f64 = 1.5, n: const i64 = 4) -> f64
; grad: x = 3*x^2
; diff: @f(x: f64 = 1.5, n: const i64 = 0) -> f64
; grad: x = 2*x
; opt: O0 O1 opt

define double @f(double %x, i64 %n) {
entry:
  %q = fmul double %x, %x
  %c = icmp eq i64 %n, 0
  br i1 %c, label %out, label %make
make:
  %t = alloca double, i64 %n, align 8
  %last = getelementptr double, ptr %t, i64 %n
  %e = getelementptr i8, ptr %last, i64 -8
  store volatile double %q, ptr %e
  %y = load volatile double, ptr %e
  %z = fmul double %y, %x
  br label %out
out:
  %r = phi double [ %q, %entry ], [ %z, %make ]
  ret double %r
}
