; What: a type tree has another float than the code computes with
; Covers: error type tree with a float of another size
; error: "ER0017" "the type tree of `x` says that a float of 64 bits lies at byte 0" "used as a float of 32 bits"

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

@out = external global float

define void @f(ptr %x) {
  %v = load float, ptr %x
  %y = fmul float %v, %v
  store float %y, ptr @out
  ret void
}

define void @df(ptr %x, ptr %dx, ptr %r, ptr %dr) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_rs_types, ptr @call, ptr @enzyme_dup, ptr %x, ptr %dx)
  ret void
}
