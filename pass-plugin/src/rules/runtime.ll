;; Functions that derivative rules call and that no C library has: the derivatives of log(gamma(x)).
;;
;; The text has no triple, no data layout and no attributes of a CPU, so that it links into any module. It relies on
;; intrinsics of f64 (which lower to the C library's log, sin, cos and rint) and on nothing else.
;;
;; Each function moves x up to x >= 10 by its recurrence, f(x) = f(x + 1) - g(x), and takes eight terms of the
;; asymptotic series with Bernoulli numbers there; what is cut off is below 1e-17. Negative arguments are reflected to
;; 1 - x. The error is about 1e-14 of the largest term, so relative to the result it grows near the roots of digamma
;; and tetragamma. digamma(+0) is -inf and digamma(-0) is +inf; at negative integers digamma and tetragamma are NaN and
;; trigamma is +inf. NaN stays NaN.
;;
;; Derived from a C version compiled by clang -O1; values are named after the formulas.

;; digamma(x) = digamma(1 - x) - pi cot(pi x)
;; digamma(x) = digamma(x + 1) - 1/x ~ log x - 1/(2x) - 1/(12 x^2) + 1/(120 x^4) - ...
define double @enzyme_rs.digamma.f64(double %x) #0 {
entry:
  ; NaN takes the path of positive arguments and stays NaN there.
  %positive = fcmp ugt double %x, 0.000000e+00
  br i1 %positive, label %start, label %fold

fold:
  ; The distance to the nearest integer: sin and cos of pi times it keep their accuracy for large |x|.
  %nearest = call double @llvm.rint.f64(double %x)
  %fraction = fsub double %x, %nearest
  %integer = fcmp oeq double %fraction, 0.000000e+00
  br i1 %integer, label %pole, label %reflect

pole:
  %zero = fcmp oeq double %x, 0.000000e+00
  %minus = fneg double %x
  %infinity = call double @llvm.copysign.f64(double 0x7FF0000000000000, double %minus)
  %at.pole = select i1 %zero, double %infinity, double 0x7FF8000000000000
  ret double %at.pole

reflect:
  %angle = fmul double %fraction, 0x400921FB54442D18
  %cos = call double @llvm.cos.f64(double %angle)
  %sin = call double @llvm.sin.f64(double %angle)
  %pi.cos = fmul double %cos, 0x400921FB54442D18
  %pi.cot = fdiv double %pi.cos, %sin
  %minus.pi.cot = fneg double %pi.cot
  %mirrored = fsub double 1.000000e+00, %x
  br label %start

start:
  %shift = phi double [ 0.000000e+00, %entry ], [ %minus.pi.cot, %reflect ]
  %x0 = phi double [ %x, %entry ], [ %mirrored, %reflect ]
  %small = fcmp olt double %x0, 1.000000e+01
  br i1 %small, label %up, label %series

up:
  %xi = phi double [ %x0, %start ], [ %xn, %up ]
  %sum = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %inverse = fdiv double 1.000000e+00, %xi
  %sumn = fsub double %sum, %inverse
  %xn = fadd double %xi, 1.000000e+00
  %again = fcmp olt double %xn, 1.000000e+01
  br i1 %again, label %up, label %series

series:
  %z = phi double [ %x0, %start ], [ %xn, %up ]
  %low = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %v = fdiv double 1.000000e+00, %z
  %u = fmul double %v, %v
  %hm6 = fmul double %u, 0x3FDC5E5E5E5E5E5E
  %h6 = fsub double 0x3FB5555555555555, %hm6
  %hm5 = fmul double %u, %h6
  %h5 = fsub double 0x3F95995995995996, %hm5
  %hm4 = fmul double %u, %h5
  %h4 = fsub double 0x3F7F07C1F07C1F08, %hm4
  %hm3 = fmul double %u, %h4
  %h3 = fsub double 0x3F71111111111111, %hm3
  %hm2 = fmul double %u, %h3
  %h2 = fsub double 0x3F70410410410410, %hm2
  %hm1 = fmul double %u, %h2
  %h1 = fsub double 0x3F81111111111111, %hm1
  %hm0 = fmul double %u, %h1
  %h0 = fsub double 0x3FB5555555555555, %hm0
  %tail = fmul double %u, %h0
  %log = call double @llvm.log.f64(double %z)
  %half = fmul double %v, 5.000000e-01
  %high0 = fsub double %log, %half
  %high = fsub double %high0, %tail
  %total = fadd double %low, %high
  %result = fadd double %shift, %total
  ret double %result
}

define float @enzyme_rs.digamma.f32(float %x) #0 {
  %wide = fpext float %x to double
  %result = call double @enzyme_rs.digamma.f64(double %wide)
  %narrow = fptrunc double %result to float
  ret float %narrow
}

;; trigamma(x) = (pi / sin(pi x))^2 - trigamma(1 - x)
;; trigamma(x) = trigamma(x + 1) + 1/x^2 ~ 1/x + 1/(2 x^2) + 1/(6 x^3) - 1/(30 x^5) + ...
define double @enzyme_rs.trigamma.f64(double %x) #0 {
entry:
  ; NaN takes the path of positive arguments and stays NaN there.
  %positive = fcmp ugt double %x, 0.000000e+00
  br i1 %positive, label %start, label %fold

fold:
  ; The distance to the nearest integer: sin and cos of pi times it keep their accuracy for large |x|.
  %nearest = call double @llvm.rint.f64(double %x)
  %fraction = fsub double %x, %nearest
  %integer = fcmp oeq double %fraction, 0.000000e+00
  br i1 %integer, label %pole, label %reflect

pole:
  ret double 0x7FF0000000000000

reflect:
  %angle = fmul double %fraction, 0x400921FB54442D18
  %sin = call double @llvm.sin.f64(double %angle)
  %csc = fdiv double 0x400921FB54442D18, %sin
  %csc2 = fmul double %csc, %csc
  %mirrored = fsub double 1.000000e+00, %x
  br label %start

start:
  %shift = phi double [ 0.000000e+00, %entry ], [ %csc2, %reflect ]
  %sign = phi double [ 1.000000e+00, %entry ], [ -1.000000e+00, %reflect ]
  %x0 = phi double [ %x, %entry ], [ %mirrored, %reflect ]
  %small = fcmp olt double %x0, 1.000000e+01
  br i1 %small, label %up, label %series

up:
  %xi = phi double [ %x0, %start ], [ %xn, %up ]
  %sum = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %square = fmul double %xi, %xi
  %inverse = fdiv double 1.000000e+00, %square
  %sumn = fadd double %sum, %inverse
  %xn = fadd double %xi, 1.000000e+00
  %again = fcmp olt double %xn, 1.000000e+01
  br i1 %again, label %up, label %series

series:
  %z = phi double [ %x0, %start ], [ %xn, %up ]
  %low = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %v = fdiv double 1.000000e+00, %z
  %u = fmul double %v, %v
  %v3 = fmul double %u, %v
  %hm6 = fmul double %u, 0x401C5E5E5E5E5E5E
  %h6 = fsub double 0x3FF2AAAAAAAAAAAB, %hm6
  %hm5 = fmul double %u, %h6
  %h5 = fsub double 0x3FD0330330330330, %hm5
  %hm4 = fmul double %u, %h5
  %h4 = fsub double 0x3FB364D9364D9365, %hm4
  %hm3 = fmul double %u, %h4
  %h3 = fsub double 0x3FA1111111111111, %hm3
  %hm2 = fmul double %u, %h3
  %h2 = fsub double 0x3F98618618618618, %hm2
  %hm1 = fmul double %u, %h2
  %h1 = fsub double 0x3FA1111111111111, %hm1
  %hm0 = fmul double %u, %h1
  %h0 = fsub double 0x3FC5555555555555, %hm0
  %tail = fmul double %v3, %h0
  %half = fmul double %u, 5.000000e-01
  %high0 = fadd double %v, %half
  %high = fadd double %high0, %tail
  %total = fadd double %low, %high
  %signed = fmul double %sign, %total
  %result = fadd double %shift, %signed
  ret double %result
}

define float @enzyme_rs.trigamma.f32(float %x) #0 {
  %wide = fpext float %x to double
  %result = call double @enzyme_rs.trigamma.f64(double %wide)
  %narrow = fptrunc double %result to float
  ret float %narrow
}

;; tetragamma(x) = tetragamma(1 - x) - 2 cos(pi x) (pi / sin(pi x))^3
;; tetragamma(x) = tetragamma(x + 1) - 2/x^3 ~ -1/x^2 - 1/x^3 - 1/(2 x^4) + 1/(6 x^6) - ...
define double @enzyme_rs.tetragamma.f64(double %x) #0 {
entry:
  ; NaN takes the path of positive arguments and stays NaN there.
  %positive = fcmp ugt double %x, 0.000000e+00
  br i1 %positive, label %start, label %fold

fold:
  ; The distance to the nearest integer: sin and cos of pi times it keep their accuracy for large |x|.
  %nearest = call double @llvm.rint.f64(double %x)
  %fraction = fsub double %x, %nearest
  %integer = fcmp oeq double %fraction, 0.000000e+00
  br i1 %integer, label %pole, label %reflect

pole:
  ret double 0x7FF8000000000000

reflect:
  %angle = fmul double %fraction, 0x400921FB54442D18
  %cos = call double @llvm.cos.f64(double %angle)
  %sin = call double @llvm.sin.f64(double %angle)
  %csc = fdiv double 0x400921FB54442D18, %sin
  %csc2 = fmul double %csc, %csc
  %csc3 = fmul double %csc2, %csc
  %minus.cos2 = fmul double %cos, -2.000000e+00
  %term = fmul double %minus.cos2, %csc3
  %mirrored = fsub double 1.000000e+00, %x
  br label %start

start:
  %shift = phi double [ 0.000000e+00, %entry ], [ %term, %reflect ]
  %x0 = phi double [ %x, %entry ], [ %mirrored, %reflect ]
  %small = fcmp olt double %x0, 1.000000e+01
  br i1 %small, label %up, label %series

up:
  %xi = phi double [ %x0, %start ], [ %xn, %up ]
  %sum = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %square = fmul double %xi, %xi
  %cube = fmul double %square, %xi
  %inverse = fdiv double 2.000000e+00, %cube
  %sumn = fsub double %sum, %inverse
  %xn = fadd double %xi, 1.000000e+00
  %again = fcmp olt double %xn, 1.000000e+01
  br i1 %again, label %up, label %series

series:
  %z = phi double [ %x0, %start ], [ %xn, %up ]
  %low = phi double [ 0.000000e+00, %start ], [ %sumn, %up ]
  %v = fdiv double 1.000000e+00, %z
  %u = fmul double %v, %v
  %v3 = fmul double %u, %v
  %v4 = fmul double %u, %u
  %hm6 = fmul double %u, 0x405E244444444444
  %h6 = fsub double 0x4031800000000000, %hm6
  %hm5 = fmul double %u, %h6
  %h5 = fsub double 0x400A52E52E52E52E, %hm5
  %hm4 = fmul double %u, %h5
  %h4 = fsub double 0x3FEAAAAAAAAAAAAB, %hm4
  %hm3 = fmul double %u, %h4
  %h3 = fsub double 0x3FD3333333333333, %hm3
  %hm2 = fmul double %u, %h3
  %h2 = fsub double 0x3FC5555555555555, %hm2
  %hm1 = fmul double %u, %h2
  %h1 = fsub double 0x3FC5555555555555, %hm1
  %hm0 = fmul double %u, %h1
  %h0 = fsub double 0x3FE0000000000000, %hm0
  %tail = fmul double %v4, %h0
  %high0 = fadd double %u, %v3
  %high = fadd double %high0, %tail
  %total = fsub double %low, %high
  %result = fadd double %shift, %total
  ret double %result
}

define float @enzyme_rs.tetragamma.f32(float %x) #0 {
  %wide = fpext float %x to double
  %result = call double @enzyme_rs.tetragamma.f64(double %wide)
  %narrow = fptrunc double %result to float
  ret float %narrow
}

declare double @llvm.rint.f64(double)
declare double @llvm.copysign.f64(double, double)
declare double @llvm.cos.f64(double)
declare double @llvm.sin.f64(double)
declare double @llvm.log.f64(double)

attributes #0 = { nofree norecurse nosync nounwind willreturn memory(none) }
