; What: adding and subtracting 2^52 rounds, and rounding has no slope: the reduced argument of an exponential keeps its own
; Covers: activity rounding idiom
; diff: @f(x: f64 = 2.3) -> f64
; value: (2.3 - 3*0.75)^2 + 3
; grad: x = 2*(x - 3*0.75)
; diff: @bits(x: f64 = 2.3) -> f64
; value: 2 * 2.3
; grad: x = 2

define double @f(double %x) {
  %scaled = fmul double %x, 1.25
  %sum = fadd double %scaled, 4503599627370496.0
  %n = fsub double %sum, 4503599627370496.0
  %part = fmul double %n, 0.75
  %rest = fsub double %x, %part
  %square = fmul double %rest, %rest
  %r = fadd double %square, %n
  ret double %r
}

define double @bits(double %x) {
  %sum = call double @llvm.fmuladd.f64(double %x, double 1.0, double 6755399441055744.0)
  %word = bitcast double %sum to i64
  %low = trunc i64 %word to i32
  %n = sitofp i32 %low to double
  %r = fmul double %x, %n
  ret double %r
}

declare double @llvm.fmuladd.f64(double, double, double)
