; What: a struct of f32, i32 and f64
; Covers: memory struct mixed widths
; diff: @f(p: dup [{f32, i32, f64}] = [{2.0, 3, 4.0}, {0.5, -1, 1.5}], n: const i64 = 2) -> f64
; grad: p = [3*4, 3*2, 0-1.5, 0-0.5]

%s = type { float, i32, double }
define double @f(ptr %p, i64 %n) {
entry:
  br label %h
h:
  %i = phi i64 [ 0, %entry ], [ %i1, %h ]
  %t = phi double [ 0.0, %entry ], [ %t1, %h ]
  %a = getelementptr inbounds %s, ptr %p, i64 %i
  %x = load float, ptr %a
  %w = fpext float %x to double
  %ka = getelementptr inbounds %s, ptr %p, i64 %i, i32 1
  %k = load i32, ptr %ka
  %kf = sitofp i32 %k to double
  %ya = getelementptr inbounds %s, ptr %p, i64 %i, i32 2
  %y = load double, ptr %ya
  %q = fmul double %w, %y
  %v = fmul double %q, %kf
  %t1 = fadd double %t, %v
  %i1 = add nsw i64 %i, 1
  %c = icmp slt i64 %i1, %n
  br i1 %c, label %h, label %d
d:
  ret double %t1
}
