; What: a call of puts between active instructions
; Covers: calls print is inactive
; diff: @f(x: f64 = 1.5) -> f64
; grad: x = 2*x

@text = private constant [5 x i8] c"test\00"
declare i32 @puts(ptr)
define double @f(double %x) {
  %u = call i32 @puts(ptr @text)
  %r = fmul double %x, %x
  ret double %r
}
