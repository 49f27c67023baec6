; What: a type tree has an integer where a function that is called computes with a float
; Covers: error type tree contradicted by a callee
; error: "ER0017" "the type tree of `x` says that an integer lies at byte 8 behind the pointer at byte 0" "a float of 64 bits"

@name = private constant [1 x i8] c"x"
@file = private constant [4 x i8] c"a.rs"
@enzyme_rs_types = external global i8
@enzyme_dup = external global i8
@enzyme_const = external global i8
@argument = private constant { ptr, i64, ptr, i64, i64 } { ptr @name, i64 1, ptr @reference, i64 8, i64 0 }
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
@reference = private constant { i64, i64, i64, ptr, i64, i64, ptr, i64, i64, i64, i64, i64, i64, i64 } { i64 3, i64 8, i64 8, ptr @name, i64 1, i64 1, ptr @pair_fn, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0, i64 0 }
define ptr @reference_fn() {
  ret ptr @reference
}
declare void @__enzyme_autodiff(ptr, ...)

define internal void @scale(ptr %p) noinline {
  %at = getelementptr inbounds i8, ptr %p, i64 8
  %v = load double, ptr %at
  %y = fmul double %v, %v
  store double %y, ptr @out
  ret void
}

@out = external global double

define void @f(ptr %x) {
  %p = load ptr, ptr %x
  call void @scale(ptr %p)
  ret void
}

define void @df(ptr %x, ptr %dx, ptr %r, ptr %dr) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_rs_types, ptr @call, ptr @enzyme_dup, ptr %x, ptr %dx)
  ret void
}
