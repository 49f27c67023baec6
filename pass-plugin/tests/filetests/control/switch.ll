; What: switch with several cases, two of them to one block
; Covers: control switch
; diff: @f(k: const i64 = 0, x: f64 = 1.5) -> f64
; grad: x = 2*x
; diff: @f(k: const i64 = 1, x: f64 = 1.5) -> f64
; grad: x = cos(x)
; diff: @f(k: const i64 = 2, x: f64 = 1.5) -> f64
; grad: x = cos(x)
; diff: @f(k: const i64 = 9, x: f64 = 1.5) -> f64
; grad: x = 1
; opt: O0 O1 O2 opt

declare double @llvm.sin.f64(double)
define double @f(i64 %k, double %x) {
entry:
  switch i64 %k, label %other [
    i64 0, label %zero
    i64 1, label %some
    i64 2, label %some
  ]
zero:
  %a = fmul double %x, %x
  br label %join
some:
  %b = call double @llvm.sin.f64(double %x)
  br label %join
other:
  br label %join
join:
  %r = phi double [ %a, %zero ], [ %b, %some ], [ %x, %other ]
  ret double %r
}
