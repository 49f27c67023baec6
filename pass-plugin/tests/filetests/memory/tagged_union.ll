; What: a cell that holds a float or an integer, as its tag says
; Covers: memory tagged union
; diff: @f(p: dup [{i64, f64}] = [{0, 3.0}, {0, 2.0}], k: const [{i64, i64}] = [{1, 5}], n: const i64 = 2) -> f64
; value: 13*5
; grad: p = [30, 20]

define internal double @value(ptr %c) noinline {
entry:
  %tag = load i64, ptr %c
  %a = getelementptr inbounds i8, ptr %c, i64 8
  switch i64 %tag, label %int [ i64 0, label %float ]
float:
  %x = load double, ptr %a
  %q = fmul double %x, %x
  ret double %q
int:
  %i = load i64, ptr %a
  %f = sitofp i64 %i to double
  ret double %f
}
define double @f(ptr %p, ptr %k, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi double [ 0.0, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds { i64, double }, ptr %p, i64 %i
  %v = call double @value(ptr %a)
  %s1 = fadd double %s, %v
  %i1 = add nuw nsw i64 %i, 1
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %w = call double @value(ptr %k)
  %r = fmul double %s1, %w
  ret double %r
}
