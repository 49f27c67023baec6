; What: a recursive value that a compiler evaluated: constants that lead to constants, floats and addresses in the same bytes, the floats as bytes
; Covers: memory constant tree
; diff: @f(x: f64 = 2.0) -> f64
; grad: x = 2*x + 3
@x = private unnamed_addr constant <{ i64, [16 x i8] }> <{ i64 3, [16 x i8] zeroinitializer }>
@three = private unnamed_addr constant <{ i64, [16 x i8] }> <{ i64 0, [16 x i8] c"\00\00\00\00\00\00\08@\00\00\00\00\00\00\00\00" }>
@square = private unnamed_addr constant <{ i64, ptr, ptr }> <{ i64 2, ptr @x, ptr @x }>
@thrice = private unnamed_addr constant <{ i64, ptr, ptr }> <{ i64 2, ptr @three, ptr @x }>
@sum = internal constant <{ i64, ptr, ptr }> <{ i64 1, ptr @square, ptr @thrice }>

define internal double @eval(ptr %e, double %x) {
entry:
  %tag = load i64, ptr %e
  %p1 = getelementptr i8, ptr %e, i64 8
  %p2 = getelementptr i8, ptr %e, i64 16
  switch i64 %tag, label %var [
    i64 0, label %const
    i64 1, label %add
    i64 2, label %mul
  ]
var:
  ret double %x
const:
  %c = load double, ptr %p1
  ret double %c
add:
  %a1 = load ptr, ptr %p1
  %b1 = load ptr, ptr %p2
  %u1 = call double @eval(ptr %a1, double %x)
  %v1 = call double @eval(ptr %b1, double %x)
  %s = fadd double %u1, %v1
  ret double %s
mul:
  %a2 = load ptr, ptr %p1
  %b2 = load ptr, ptr %p2
  %u2 = call double @eval(ptr %a2, double %x)
  %v2 = call double @eval(ptr %b2, double %x)
  %m = fmul double %u2, %v2
  ret double %m
}
define double @f(double %x) {
  %r = call double @eval(ptr @sum, double %x)
  ret double %r
}
