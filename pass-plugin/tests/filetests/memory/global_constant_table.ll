; What: coefficients from a constant global
; Covers: memory global constant table
; diff: @f(x: f64 = 1.5) -> f64
; value: 1 + 2*1.5 + 3*2.25
; grad: x = 2 + 6*x
; opt: O0 O1 opt

@table = internal constant [3 x double] [ double 3.0, double 2.0, double 1.0 ]
define double @f(double %x) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds double, ptr @table, i64 %i
  %k = load double, ptr %a
  %m = fmul double %s, %x
  %s1 = fadd double %m, %k
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, 3
  br i1 %c, label %d, label %l
d:
  ret double %s1
}
