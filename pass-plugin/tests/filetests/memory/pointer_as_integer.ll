; What: an address that travels as an integer through ptrtoint and inttoptr
; Covers: instruction ptrtoint; instruction inttoptr; memory pointer as integer
; diff: @f(p: dup [f64] = [3.0, 2.0]) -> f64
; value: 5*2
; grad: p = [p[1], p[0] + 2*p[1]]
; opt: O0 O1 opt

define double @f(ptr %p) {
  %i = ptrtoint ptr %p to i64
  %j = add i64 %i, 8
  %q = inttoptr i64 %j to ptr
  %y = load double, ptr %q
  %x = load double, ptr %p
  %s = fadd double %x, %y
  %r = fmul double %s, %y
  ret double %r
}
