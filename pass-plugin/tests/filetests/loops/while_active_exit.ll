; What: a while loop that ends on an active value: Newton's square root
; Covers: control while active exit
; diff: @f(x: f64 = 2.0) -> f64
; tol: 1e-6
; diff: @f(x: f64 = 700.0) -> f64

declare double @llvm.fabs.f64(double)
define double @f(double %x) {
entry:
  br label %l
l:
  %v = phi double [ %x, %entry ], [ %w, %l ]
  %q = fdiv double %x, %v
  %s = fadd double %v, %q
  %w = fmul double %s, 0.5
  %d = fsub double %w, %v
  %e = call double @llvm.fabs.f64(double %d)
  %c = fcmp ogt double %e, 1.0e-8
  br i1 %c, label %l, label %done
done:
  ret double %w
}
