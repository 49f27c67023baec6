; What: a hundred thousand iterations with an unknown trip count: the cache must grow
; Covers: control many iterations
; diff: @f(x: f64 = 0.5) -> f64
; opt: O1 opt
; tol: 1e-5

declare double @llvm.sin.f64(double)
define double @f(double %x) {
entry:
  br label %l
l:
  %k = phi i64 [ 1, %entry ], [ %k1, %l ]
  %v = phi double [ %x, %entry ], [ %w, %l ]
  %s = call double @llvm.sin.f64(double %v)
  %h = fmul double %s, 0.5
  %w = fadd double %h, %x
  %m = mul i64 %k, 5
  %m1 = add i64 %m, 3
  %k1 = and i64 %m1, 131071
  %c = icmp eq i64 %k1, 1
  br i1 %c, label %d, label %l
d:
  ret double %w
}
