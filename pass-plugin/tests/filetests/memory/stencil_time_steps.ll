; What: a diffusion stencil over two buffers that swap roles each step
; Covers: memory stencil time steps
; diff: @f(a: dup [f64] = [0.0, 1.0, 0.5, 2.0, 0.0], b: dup [f64] = [0.0, 0.0, 0.0, 0.0, 0.0], n: const i64 = 5, steps: const i64 = 3) -> void
; opt: O1 O2 opt

define void @f(ptr %a, ptr %b, i64 %n, i64 %steps) {
entry:
  %last = sub i64 %n, 1
  br label %oh
oh:
  %t = phi i64 [ 0, %entry ], [ %t1, %ol ]
  %u = phi ptr [ %a, %entry ], [ %v, %ol ]
  %v = phi ptr [ %b, %entry ], [ %u, %ol ]
  %tc = icmp slt i64 %t, %steps
  br i1 %tc, label %il, label %d
il:
  %i = phi i64 [ 1, %oh ], [ %i1, %il ]
  %im = sub i64 %i, 1
  %ip = add i64 %i, 1
  %la = getelementptr inbounds double, ptr %u, i64 %im
  %ca = getelementptr inbounds double, ptr %u, i64 %i
  %ra = getelementptr inbounds double, ptr %u, i64 %ip
  %l = load double, ptr %la
  %c = load double, ptr %ca
  %r = load double, ptr %ra
  %lr = fadd double %l, %r
  %c2 = fmul double %c, 2.0
  %df = fsub double %lr, %c2
  %k = fmul double %df, %c
  %k2 = fmul double %k, 0.1
  %nv = fadd double %c, %k2
  %oa = getelementptr inbounds double, ptr %v, i64 %i
  store double %nv, ptr %oa
  %i1 = add i64 %i, 1
  %ic = icmp slt i64 %i1, %last
  br i1 %ic, label %il, label %ol
ol:
  %t1 = add i64 %t, 1
  br label %oh
d:
  ret void
}
