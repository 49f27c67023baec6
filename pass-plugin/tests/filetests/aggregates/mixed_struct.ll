; What: an aggregate of float, integer and nested array
; Covers: aggregates struct of floats and integers
; diff: @f(x: f64 = 3.0, n: const i64 = 4) -> f64
; grad: x = 8*x

define double @f(double %x, i64 %n) {
  %a = insertvalue { double, i64, [2 x double] } poison, double %x, 0
  %b = insertvalue { double, i64, [2 x double] } %a, i64 %n, 1
  %c = insertvalue { double, i64, [2 x double] } %b, double %x, 2, 1
  %u = extractvalue { double, i64, [2 x double] } %c, 0
  %k = extractvalue { double, i64, [2 x double] } %c, 1
  %v = extractvalue { double, i64, [2 x double] } %c, 2, 1
  %f = sitofp i64 %k to double
  %p = fmul double %u, %v
  %r = fmul double %p, %f
  ret double %r
}
