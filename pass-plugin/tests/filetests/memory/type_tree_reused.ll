; What: words are moved as if they were something else than a type tree says, and memory is used again, which is no contradiction
; run
; Covers: memory words that are moved under a type tree

@name = private constant [1 x i8] c"x"
@file = private constant [4 x i8] c"a.rs"
@enzyme_rs_types = external global i8
@enzyme_dup = external global i8
@enzyme_const = external global i8
@argument = private constant { ptr, i64, ptr, i64, i64 } { ptr @name, i64 1, ptr @pair, i64 16, i64 0 }
@call = private constant { i64, i64, ptr, i64, i64, i64, ptr, i64, ptr, i64, i64 } { i64 1162760787, i64 2, ptr @file, i64 4, i64 7, i64 1, ptr @name, i64 1, ptr @argument, i64 1, i64 0 }
@f64 = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64 } { i64 2, i64 8, i64 8, ptr @name, i64 1, i64 4, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @f64_fn() {
  ret ptr @f64
}
@usize = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64 } { i64 1, i64 8, i64 8, ptr @name, i64 1, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @usize_fn() {
  ret ptr @usize
}
@pair_fields = private constant { ptr, i64, i64, ptr, i64, ptr, i64, i64, ptr, i64 } { ptr @name, i64 1, i64 0, ptr @f64_fn, i64 0, ptr @name, i64 1, i64 8, ptr @usize_fn, i64 0 }
@pair = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, ptr, i64, i64, i64, i64 } { i64 5, i64 16, i64 8, ptr @name, i64 1, i64 0, i64 0, i64 0, i64 0, ptr @pair_fields, i64 2, i64 0, i64 0, i64 0 }
define ptr @pair_fn() {
  ret ptr @pair
}
declare void @__enzyme_autodiff(ptr, ...)

; The integer is moved as a float, the float as an integer; then both are overwritten and used as the other one.
define void @f(ptr %x) {
  %second = getelementptr inbounds i8, ptr %x, i64 8
  %v = load double, ptr %x
  %k = load i64, ptr %second
  %i = sitofp i64 %k to double
  %y = fmul double %v, %i
  %w = fmul double %y, %v
  store double %w, ptr %second
  store i64 3, ptr %x
  %again = load double, ptr %second
  %n = load i64, ptr %x
  %m = sitofp i64 %n to double
  %z = fmul double %again, %m
  store double %z, ptr %second
  ret void
}

@place = internal global { double, i64 } { double 2.0, i64 5 }
@shadow = internal global { double, double } { double 0.0, double 1.0 }

; 3 k v^2: its value is 60, its slope 60.
define i32 @main() {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_rs_types, ptr @call, ptr @enzyme_dup, ptr @place, ptr @shadow)
  %at = getelementptr inbounds i8, ptr @place, i64 8
  %z = load double, ptr %at
  %d = load double, ptr @shadow
  %right = fcmp oeq double %z, 6.0e+01
  %steep = fcmp oeq double %d, 6.0e+01
  %both = and i1 %right, %steep
  %wrong = xor i1 %both, true
  %code = zext i1 %wrong to i32
  ret i32 %code
}
