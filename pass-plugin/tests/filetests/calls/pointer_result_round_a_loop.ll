; What: a loop's phi asks where a call's result points before the call is looked at; the caller's caller saw memory of unknown origin
; diff: @f(a: f64 = 1.5, b: f64 = -0.5, n: const i64 = 3) -> f64
; grad: a = 0.25, b = -0.75
; opt: O0 O1 O2 opt
define internal ptr @pick(ptr %l, ptr %r, i64 %n) noinline {
  %x = load double, ptr %r
  %y = load double, ptr %l
  %hx = fmul double %x, 0.5
  %hy = fmul double %y, 0.5
  %s = fsub double %hx, %hy
  store double %s, ptr %r
  %c = icmp sgt i64 %n, 2
  %p = select i1 %c, ptr %l, ptr %r
  ret ptr %p
}
define internal double @g(double %a, double %b, i64 %n) noinline {
entry:
  %s = alloca double
  %t = alloca double
  store double %a, ptr %s
  store double %b, ptr %t
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i1, %loop ]
  %q = phi ptr [ %s, %entry ], [ %p, %loop ]
  %m = and i64 %i, 1
  %k = add i64 %n, %m
  %k2 = sub i64 %k, 1
  %p = call ptr @pick(ptr %t, ptr %q, i64 %k2)
  %i1 = add i64 %i, 1
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %loop, label %done
done:
  %u = load double, ptr %s
  %v = load double, ptr %t
  %v2 = fmul double %v, 2.0
  %r = fadd double %u, %v2
  ret double %r
}
define double @f(double %a, double %b, i64 %n) {
  %r = call double @g(double %a, double %b, i64 %n)
  ret double %r
}
