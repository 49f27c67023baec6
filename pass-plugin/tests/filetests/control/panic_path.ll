; What: a check whose failure calls a noreturn function
; Covers: control panic path
; diff: @f(p: dup [f64] = [1.5, 2.5, 3.5], n: const i64 = 3, i: const i64 = 1) -> f64
; grad: p = [0, 2*p[1], 0]
; opt: O0 O1 O2 opt

declare void @abort() noreturn
define internal void @panic(i64 %i, i64 %n) noinline noreturn cold {
  call void @abort()
  unreachable
}
define double @f(ptr %p, i64 %n, i64 %i) {
entry:
  %ok = icmp ult i64 %i, %n
  br i1 %ok, label %in, label %out
out:
  call void @panic(i64 %i, i64 %n)
  unreachable
in:
  %a = getelementptr double, ptr %p, i64 %i
  %v = load double, ptr %a
  %r = fmul double %v, %v
  ret double %r
}
