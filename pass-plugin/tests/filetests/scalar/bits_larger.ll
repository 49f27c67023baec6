; What: The larger and the smaller of two doubles by their bits, as `hypot` orders its arguments.
; diff: @f(x: f64 = -1.5, y: f64 = 0.75) -> f64
; value: 1.5 + 1.5^3 + 0.75^3
; grad: x = -1 - 3*1.5^2, y = 3*0.75^2
; diff: @f(x: f64 = 0.5, y: f64 = -2.0) -> f64
; grad: x = 3*0.25, y = -1 - 3*4
; Note: compared as integers, as positive doubles are ordered.

define double @f(double %x, double %y) {
  %xb = bitcast double %x to i64
  %yb = bitcast double %y to i64
  %xa = and i64 %xb, 9223372036854775807
  %ya = and i64 %yb, 9223372036854775807
  %large = call i64 @llvm.umax.i64(i64 %xa, i64 %ya)
  %small = call i64 @llvm.umin.i64(i64 %xa, i64 %ya)
  %l = bitcast i64 %large to double
  %s = bitcast i64 %small to double
  %l2 = fmul double %l, %l
  %l3 = fmul double %l2, %l
  %s2 = fmul double %s, %s
  %s3 = fmul double %s2, %s
  %sum = fadd double %l3, %s3
  %r = fadd double %sum, %l
  ret double %r
}

declare i64 @llvm.umax.i64(i64, i64)
declare i64 @llvm.umin.i64(i64, i64)
