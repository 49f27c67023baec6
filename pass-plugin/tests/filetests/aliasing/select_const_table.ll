; What: a pointer that is either a constant table or active memory
; Covers: aliasing select const table
; diff: @f(p: dup [f64] = [3.0, 2.0], k: const i64 = 1) -> f64
; grad: p = [2*p[0], 0]
; diff: @f(p: dup [f64] = [3.0, 2.0], k: const i64 = 0) -> f64
; value: 25
; grad: p = [0, 0]

@table = internal constant [2 x double] [ double 5.0, double 6.0 ]
define double @f(ptr %p, i64 %k) {
  %c = icmp eq i64 %k, 1
  %a = select i1 %c, ptr %p, ptr @table
  %x = load double, ptr %a
  %r = fmul double %x, %x
  ret double %r
}
