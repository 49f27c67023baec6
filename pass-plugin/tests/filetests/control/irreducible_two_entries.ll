; What: a cycle that is entered in two places
; Covers: control irreducible
; diff: @f(k: const i64 = 0, x: f64 = 0.7) -> f64
; diff: @f(k: const i64 = 1, x: f64 = 0.7) -> f64
; opt: O0 O1 O2 opt

declare double @llvm.sin.f64(double)
define double @f(i64 %k, double %x) {
entry:
  %odd = icmp eq i64 %k, 1
  br i1 %odd, label %b, label %a
a:
  %ia = phi i64 [ 0, %entry ], [ %ib1, %b ]
  %va = phi double [ %x, %entry ], [ %wb, %b ]
  %wa = fmul double %va, %x
  %ia1 = add i64 %ia, 1
  br label %b
b:
  %ib = phi i64 [ 5, %entry ], [ %ia1, %a ]
  %vb = phi double [ 2.0, %entry ], [ %wa, %a ]
  %s = call double @llvm.sin.f64(double %vb)
  %wb = fadd double %s, %x
  %ib1 = add i64 %ib, 1
  %more = icmp ult i64 %ib1, 9
  br i1 %more, label %a, label %done
done:
  ret double %wb
}
