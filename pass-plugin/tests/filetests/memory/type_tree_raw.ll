; What: behind a raw pointer lies something else than a type tree says, and nobody promised otherwise
; run
; Covers: memory raw pointers under a type tree

@name = private constant [1 x i8] c"x"
@file = private constant [4 x i8] c"a.rs"
@enzyme_rs_types = external global i8
@enzyme_dup = external global i8
@enzyme_const = external global i8
@argument = private constant { ptr, i64, ptr, i64, i64 } { ptr @name, i64 1, ptr @holder, i64 16, i64 0 }
@call = private constant { i64, i64, ptr, i64, i64, i64, ptr, i64, ptr, i64, i64 } { i64 1162760787, i64 2, ptr @file, i64 4, i64 7, i64 1, ptr @name, i64 1, ptr @argument, i64 1, i64 0 }
@f64 = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64 } { i64 2, i64 8, i64 8, ptr @name, i64 1, i64 4, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @f64_fn() {
  ret ptr @f64
}
@usize = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64 } { i64 1, i64 8, i64 8, ptr @name, i64 1, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @usize_fn() {
  ret ptr @usize
}
@raw = private constant { i64, i64, i64, ptr, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64 } { i64 3, i64 8, i64 8, ptr @name, i64 1, i64 3, ptr @usize_fn, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @raw_fn() {
  ret ptr @raw
}
@holder_fields = private constant { ptr, i64, i64, ptr, i64, ptr, i64, i64, ptr, i64 } { ptr @name, i64 1, i64 0, ptr @raw_fn, i64 0, ptr @name, i64 1, i64 8, ptr @f64_fn, i64 0 }
@holder = private constant { i64, i64, i64, ptr, i64, i64, i64, i64, i64, ptr, i64, i64, i64, i64 } { i64 5, i64 16, i64 8, ptr @name, i64 1, i64 0, i64 0, i64 0, i64 0, ptr @holder_fields, i64 2, i64 0, i64 0, i64 0 }
define ptr @holder_fn() {
  ret ptr @holder
}
declare void @__enzyme_autodiff(ptr, ...)

define void @f(ptr %x) {
  %p = load ptr, ptr %x
  %v = load double, ptr %p
  %y = fmul double %v, %v
  %at = getelementptr inbounds i8, ptr %x, i64 8
  store double %y, ptr %at
  ret void
}

@value = internal global double 3.0
@slope = internal global double 0.0
@place = internal global { ptr, double } { ptr @value, double 0.0 }
@shadow = internal global { ptr, double } { ptr @slope, double 1.0 }

define i32 @main() {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_rs_types, ptr @call, ptr @enzyme_dup, ptr @place, ptr @shadow)
  %d = load double, ptr @slope
  %wrong = fcmp one double %d, 6.0
  %code = zext i1 %wrong to i32
  ret i32 %code
}
