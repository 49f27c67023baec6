; What: recursion over the halves of an array
; Covers: calls recursive array sum
; diff: @f(p: dup [f64] = [1.0, 2.0, 3.0, 4.0, 5.0], n: const i64 = 5) -> f64
; value: 55
; grad: p = [2*p[0], 2*p[1], 2*p[2], 2*p[3], 2*p[4]]

define internal double @sum(ptr %p, i64 %n) noinline {
entry:
  %one = icmp eq i64 %n, 1
  br i1 %one, label %leaf, label %split
leaf:
  %x = load double, ptr %p
  %q = fmul double %x, %x
  ret double %q
split:
  %h = lshr i64 %n, 1
  %k = sub i64 %n, %h
  %m = getelementptr inbounds double, ptr %p, i64 %h
  %a = call double @sum(ptr %p, i64 %h)
  %b = call double @sum(ptr %m, i64 %k)
  %r = fadd double %a, %b
  ret double %r
}
define double @f(ptr %p, i64 %n) {
  %r = call double @sum(ptr %p, i64 %n)
  ret double %r
}
