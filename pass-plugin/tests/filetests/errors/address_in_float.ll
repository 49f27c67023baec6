; What: a word that is an address or a double, taken for a double on its way to be an address: the shadow would stay behind
; Covers: error an address made of the bits of a float
; error: "an address made of the bits of a float"

@enzyme_dup = external global i32
@enzyme_const = external global i32

declare double @__enzyme_autodiff(ptr, ...)
declare double @llvm.arithmetic.fence.f64(double)

define double @f(ptr %x, i64 %k) {
entry:
  %s = alloca [2 x i64]
  %v = load double, ptr %x
  %w = fmul double %v, %v
  store double %w, ptr %s
  %s1 = getelementptr inbounds i64, ptr %s, i64 1
  store ptr %x, ptr %s1
  %q = getelementptr inbounds i64, ptr %s, i64 %k
  %word = load i64, ptr %q
  %d = bitcast i64 %word to double
  %e = call double @llvm.arithmetic.fence.f64(double %d)
  %b = bitcast double %e to i64
  %p = inttoptr i64 %b to ptr
  %y = load double, ptr %p
  %c = icmp eq i64 %k, 0
  %r = select i1 %c, double %d, double %y
  ret double %r
}

define double @df(ptr %x, ptr %dx, i64 %k) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_dup, ptr %x, ptr %dx, ptr @enzyme_const, i64 %k)
  ret double %r
}
