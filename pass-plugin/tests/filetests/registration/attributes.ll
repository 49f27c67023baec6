; What: attributes and metadata that a front end writes: inactive functions, calls, parameters, values and globals, rules as metadata
; Covers: attribute enzyme_inactive; metadata enzyme_inactive; metadata enzyme_shadow; attribute enzyme_math; metadata enzyme_augment; metadata enzyme_gradient; metadata enzyme_derivative
; run
; opt: O0 O1 O2 opt
@enzyme_dup = external global i32
@table = global double 3.0, !enzyme_inactive !0
@g = global double 2.0, !enzyme_shadow !1
@dg = global double 0.0

declare double @__enzyme_autodiff(...)
declare double @__enzyme_fwddiff(...)
declare double @unknown_weight(double) #0

define double @weight(double %x) noinline {
  %r = fmul double %x, %x
  ret double %r
}

define double @by_call(double %x) {
  %w = call double @weight(double %x) #0
  %r = fmul double %w, %x
  ret double %r
}

define double @with_param(double "enzyme_inactive" %a, double %b) noinline {
  %r = fmul double %a, %b
  ret double %r
}
define double @by_param(double %x) {
  %r = call double @with_param(double %x, double %x)
  ret double %r
}
define double @by_call_param(double %x) {
  %r = call double @mul(double "enzyme_inactive" %x, double %x)
  ret double %r
}
define double @mul(double %a, double %b) noinline {
  %r = fmul double %a, %b
  ret double %r
}
define double @by_value(double %x) {
  %s = fmul double %x, %x, !enzyme_inactive !0
  %r = fmul double %s, %x
  ret double %r
}
define double @by_load(ptr %p) {
  %a = load double, ptr %p, align 8, !enzyme_inactive !0
  %b = load double, ptr %p, align 8
  %r = fmul double %a, %b
  ret double %r
}
define double @by_global(double %x) {
  store double %x, ptr @table
  %t = load double, ptr @table
  %r = fmul double %t, %x
  ret double %r
}
define double @by_shadow(double %x) {
  %t = load double, ptr @g
  %r = fmul double %t, %x
  store double %r, ptr @g
  ret double %r
}
define double @like(double %x) "enzyme_math"="sin" noinline {
  ret double 0.0
}
define double @by_math(double %x) {
  %r = call double @like(double %x)
  ret double %r
}
define double @sq(double %x) noinline !enzyme_augment !2 !enzyme_gradient !3 !enzyme_derivative !4 {
  %r = fmul double %x, %x
  ret double %r
}
define double @aug(double %x) {
  %r = fmul double %x, %x
  ret double %r
}
define double @grad(double %x, double %d) {
  %r = fmul double %d, 77.0
  ret double %r
}
define double @fwd(double %x, double %dx) {
  %r = fmul double %dx, 78.0
  ret double %r
}
define double @by_rule(double %x) {
  %r = call double @sq(double %x)
  ret double %r
}
declare i32 @printf(ptr, ...)
@msg = private constant [28 x i8] c"line %d is %.10g not %.10g\0A\00"

@failures = global i32 0
define void @check(i32 %line, double %got, double %want) noinline {
  %d = fsub double %got, %want
  %a = call double @llvm.fabs.f64(double %d)
  %bad = fcmp uge double %a, 1.0e-9
  br i1 %bad, label %no, label %yes
no:
  call i32 (ptr, ...) @printf(ptr @msg, i32 %line, double %got, double %want)
  store i32 1, ptr @failures
  br label %yes
yes:
  ret void
}
declare double @llvm.fabs.f64(double)
declare double @llvm.cos.f64(double)

define i32 @main() {
  %1 = call double (...) @__enzyme_autodiff(ptr @by_call, double 3.0)
  call void @check(i32 1, double %1, double 9.0)
  %2 = call double (...) @__enzyme_autodiff(ptr @by_param, double 3.0)
  call void @check(i32 2, double %2, double 3.0)
  %3 = call double (...) @__enzyme_autodiff(ptr @by_call_param, double 3.0)
  call void @check(i32 3, double %3, double 3.0)
  %4 = call double (...) @__enzyme_autodiff(ptr @by_value, double 3.0)
  call void @check(i32 4, double %4, double 9.0)
  %5 = call double (...) @__enzyme_autodiff(ptr @by_global, double 3.0)
  call void @check(i32 5, double %5, double 3.0)
  %6 = call double (...) @__enzyme_autodiff(ptr @by_math, double 0.5)
  %c = call double @llvm.cos.f64(double 0.5)
  call void @check(i32 6, double %6, double %c)
  %7 = call double (...) @__enzyme_autodiff(ptr @by_rule, double 0.5)
  call void @check(i32 7, double %7, double 77.0)
  %8 = call double (...) @__enzyme_fwddiff(ptr @by_rule, double 0.5, double 1.0)
  call void @check(i32 8, double %8, double 78.0)
  %9 = call double (...) @__enzyme_autodiff(ptr @by_shadow, double 5.0)
  call void @check(i32 9, double %9, double 2.0)
  %dg = load double, ptr @dg
  call void @check(i32 10, double %dg, double 5.0)
  %m = alloca double
  %dm = alloca double
  store double 4.0, ptr %m
  store double 0.0, ptr %dm
  %10 = call double (...) @__enzyme_autodiff(ptr @by_load, ptr %m, ptr %dm)
  %dmv = load double, ptr %dm
  call void @check(i32 11, double %dmv, double 4.0)
  store double 1.0, ptr @dg
  store double 2.0, ptr @g
  %11 = call double (...) @__enzyme_fwddiff(ptr @by_shadow, double 5.0, double 1.0)
  call void @check(i32 12, double %11, double 7.0)
  %f = load i32, ptr @failures
  ret i32 %f
}
attributes #0 = { "enzyme_inactive" }
!0 = !{}
!1 = !{ptr @dg}
!2 = !{ptr @aug}
!3 = !{ptr @grad}
!4 = !{ptr @fwd}
