; What: lanes that nobody reads are poison in constants, bases and shuffles, and yet their adjoints are zeros
; Covers: instruction insertelement; instruction shufflevector; types poison lanes
; diff: @f(x: f64 = 0.3) -> f64
; grad: x = 1 + 8*x

declare <4 x double> @llvm.sqrt.v4f64(<4 x double>)

define double @f(double %x) {
  %a = insertelement <4 x double> poison, double %x, i64 3
  %b = insertelement <4 x double> %a, double %x, i64 0
  %c = fmul <4 x double> %b, <double poison, double undef, double poison, double 2.0>
  %d = fdiv <4 x double> %c, <double poison, double poison, double poison, double 0.5>
  %e = shufflevector <4 x double> %d, <4 x double> poison, <4 x i32> <i32 3, i32 poison, i32 3, i32 poison>
  %g = fmul <4 x double> %e, %b
  %r = extractelement <4 x double> %g, i64 0
  %s = fadd double %r, %x
  ret double %s
}
