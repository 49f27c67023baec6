; What: numbers and an address in one array of words: the smaller of two of them, by an intrinsic, is stored among them
; Covers: memory numbers among addresses; intrinsic llvm.smin of words
; diff: @f(x: dup [f64] = [2.0], n: const i64 = 3, k: const i64 = 1) -> f64
; grad: x = [6*x[0]]
; opt: O0 O1 O2 opt

declare i64 @llvm.smin.i64(i64, i64)

define double @f(ptr %x, i64 %n, i64 %k) {
entry:
  %s = alloca [3 x i64]
  store i64 %n, ptr %s
  %s1 = getelementptr inbounds i64, ptr %s, i64 1
  store i64 7, ptr %s1
  %s2 = getelementptr inbounds i64, ptr %s, i64 2
  store ptr %x, ptr %s2
  %q = getelementptr inbounds i64, ptr %s, i64 %k
  %a = load i64, ptr %s
  %b = load i64, ptr %q
  %c = call i64 @llvm.smin.i64(i64 %a, i64 %b)
  store i64 %c, ptr %q
  %p = load ptr, ptr %s2
  %v = load double, ptr %p
  %w = fmul double %v, %v
  %m = load i64, ptr %s1
  %f = sitofp i64 %m to double
  %r = fmul double %w, %f
  ret double %r
}
