; What: inline assembly without instructions hands its operands through
; Covers: instruction inline asm (empty)
; diff: @f(x: f64 = 1.5, y: f64 = -0.5) -> f64
; value: 1.5*1.5*(-0.5) + 3
; grad: x = 2*x*y, y = x^2
; diff: @min_max(x: f64 = 1.5, y: f64 = -0.5) -> f64
; value: 1.5 * (-0.5)
; grad: x = y, y = x

define double @f(double %x, double %y) {
  %a = call double asm sideeffect "", "=x,0,~{dirflag},~{fpsr},~{flags}"(double %x)
  %p = alloca double
  call void asm "# keep", "=*x,0,~{dirflag}"(ptr elementtype(double) %p, double %y)
  call void asm sideeffect "", "imr,~{memory}"(ptr %p)
  %b = load double, ptr %p
  %q = alloca double
  store double %a, ptr %q
  call void asm "", "=*m,*m"(ptr elementtype(double) %q, ptr elementtype(double) %q)
  %c = load double, ptr %q
  %two = call { double, double } asm "", "=x,=x,0,1"(double %b, double 3.0)
  %d = extractvalue { double, double } %two, 0
  %e = extractvalue { double, double } %two, 1
  %ac = fmul double %a, %c
  %acd = fmul double %ac, %d
  %r = fadd double %acd, %e
  ret double %r
}

define double @min_max(double %x, double %y) {
  %max = call double asm "maxsd $1, $0", "=x,x,0,~{dirflag}"(double %x, double %y)
  %min = call double asm "minsd $1, $0", "=x,x,0,~{dirflag}"(double %x, double %y)
  %r = fmul double %max, %min
  ret double %r
}
