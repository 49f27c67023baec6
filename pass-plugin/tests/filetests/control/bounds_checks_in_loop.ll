; What: a loop whose accesses are bounds-checked, as in unoptimised Rust
; Covers: control bounds checks in loop
; diff: @f(p: dup [f64] = [1.5, 2.5, 3.5], n: const i64 = 3, q: dup [f64] = [0.5, -1.0, 2.0], m: const i64 = 3) -> f64
; grad: p = [q[0], q[1], q[2]], q = [p[0], p[1], p[2]]
; opt: O0 O1 O2 opt

declare void @abort() noreturn
define internal void @panic(i64 %i, i64 %n) noinline noreturn cold {
  call void @abort()
  unreachable
}
define double @f(ptr %p, i64 %n, ptr %q, i64 %m) {
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i1, %body ]
  %s = phi double [ 0.0, %entry ], [ %s1, %body ]
  %go = icmp ult i64 %i, %n
  br i1 %go, label %check, label %done
check:
  %ok = icmp ult i64 %i, %m
  br i1 %ok, label %body, label %out
out:
  call void @panic(i64 %i, i64 %m)
  unreachable
body:
  %pa = getelementptr inbounds double, ptr %p, i64 %i
  %x = load double, ptr %pa
  %qa = getelementptr inbounds double, ptr %q, i64 %i
  %y = load double, ptr %qa
  %m1 = fmul double %x, %y
  %s1 = fadd double %s, %m1
  %i1 = add nuw i64 %i, 1
  br label %head
done:
  ret double %s
}
