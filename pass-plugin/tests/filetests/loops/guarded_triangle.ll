; What: the inner loop of a nest is not entered in the outer loop's first iterations, where its trip count of i - 1 is nonsense
; diff: @f(p: dup [f64] = [0.3, 0.7, 1.1, 1.4], n: const i32 = 4) -> f64
; opt: O0 O1 O2 opt

define double @f(ptr %p, i32 %n) {
entry:
  br label %outer

outer:
  %i = phi i32 [ 0, %entry ], [ %i.next, %outer.end ]
  %s = phi double [ 1.0, %entry ], [ %s.out, %outer.end ]
  %guard = icmp sgt i32 %i, 0
  br label %middle

middle:
  %m = phi i32 [ 0, %outer ], [ %m.next, %middle.end ]
  %s.m = phi double [ %s, %outer ], [ %s.in, %middle.end ]
  br i1 %guard, label %inner, label %middle.end

inner:
  %k = phi i32 [ 0, %middle ], [ %k.next, %inner ]
  %a = phi double [ %s.m, %middle ], [ %c, %inner ]
  %k64 = sext i32 %k to i64
  %at = getelementptr double, ptr %p, i64 %k64
  %x = load double, ptr %at
  %y = fmul double %x, %a
  %z = fmul double %y, %y
  %c = fadd double %z, 0.1
  %k.next = add nsw i32 %k, 1
  %more = icmp slt i32 %k.next, %i
  br i1 %more, label %inner, label %middle.end

middle.end:
  %s.in = phi double [ %s.m, %middle ], [ %c, %inner ]
  %m.next = add nsw i32 %m, 1
  %m.more = icmp slt i32 %m.next, 2
  br i1 %m.more, label %middle, label %outer.end

outer.end:
  %s.out = phi double [ %s.in, %middle.end ]
  %i.next = add nsw i32 %i, 1
  %more.i = icmp slt i32 %i.next, %n
  br i1 %more.i, label %outer, label %exit

exit:
  ret double %s.out
}
