; What: a branch to two entries of a cycle, inside a cycle that is entered in three places by a switch
; Covers: control irreducible; control switch
; Note: LLVM's fix-irreducible loses one of the edges
; diff: @f(k: const i64 = 0, x: f64 = 0.7) -> f64
; diff: @f(k: const i64 = 1, x: f64 = 0.8) -> f64
; diff: @f(k: const i64 = 2, x: f64 = 2.2) -> f64
; diff: @f(k: const i64 = 3, x: f64 = 1.7) -> f64
; opt: O0 O1 O2 opt

define double @f(i64 %k, double %x) {
entry:
  switch i64 %k, label %l3 [ i64 0, label %l0
                             i64 1, label %l1
                             i64 2, label %l2 ]
l0:
  %i0 = phi i64 [ 0, %entry ], [ %j2, %l2 ], [ %j3, %back ]
  %a0 = phi double [ %x, %entry ], [ %b2, %l2 ], [ %b3, %back ]
  %b0 = fmul double %a0, %x
  %j0 = add i64 %i0, 1
  br label %l1
l1:
  %i1 = phi i64 [ 0, %entry ], [ %j0, %l0 ], [ %j3, %l3 ]
  %a1 = phi double [ 1.5, %entry ], [ %b0, %l0 ], [ %b3, %l3 ]
  %sq = fmul double %a1, %a1
  %d1 = fadd double %sq, 1.0
  %b1 = fdiv double %a1, %d1
  %j1 = add i64 %i1, 1
  %stop1 = icmp ugt i64 %j1, 9
  br i1 %stop1, label %done, label %l2
l2:
  %i2 = phi i64 [ 0, %entry ], [ %j1, %l1 ]
  %a2 = phi double [ %x, %entry ], [ %b1, %l1 ]
  %b2 = fadd double %a2, %x
  %j2 = add i64 %i2, 1
  %up = fcmp ogt double %b2, 2.0
  br i1 %up, label %l0, label %l3
l3:
  %i3 = phi i64 [ 0, %entry ], [ %j2, %l2 ]
  %a3 = phi double [ 3.0, %entry ], [ %b2, %l2 ]
  %half = fmul double %a3, 0.5
  %b3 = fsub double %half, %x
  %j3 = add i64 %i3, 1
  %again = icmp ult i64 %j3, 6
  br i1 %again, label %l1, label %back
back:
  %more = icmp ult i64 %j3, 12
  br i1 %more, label %l0, label %done
done:
  %r = phi double [ %b1, %l1 ], [ %b3, %back ]
  ret double %r
}
