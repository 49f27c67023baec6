; What: an integer loop whose trip count no analysis knows
; Covers: control collatz
; diff: @f(x: f64 = 0.3, n: const i64 = 6) -> f64
; diff: @f(x: f64 = 0.3, n: const i64 = 1) -> f64
; grad: x = 1

define double @f(double %x, i64 %n) {
entry:
  br label %h
h:
  %k = phi i64 [ %n, %entry ], [ %k1, %b ]
  %v = phi double [ %x, %entry ], [ %w, %b ]
  %z = icmp eq i64 %k, 1
  br i1 %z, label %d, label %b
b:
  %o = and i64 %k, 1
  %odd = icmp eq i64 %o, 1
  %k3 = mul i64 %k, 3
  %k31 = add i64 %k3, 1
  %kh = lshr i64 %k, 1
  %k1 = select i1 %odd, i64 %k31, i64 %kh
  %sq = fmul double %v, %v
  %up = fadd double %sq, %x
  %dn = fmul double %v, 0.75
  %w = select i1 %odd, double %up, double %dn
  br label %h
d:
  ret double %v
}
