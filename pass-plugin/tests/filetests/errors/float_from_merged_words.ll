; What: a float is put together from words that passed through a merge (a C library's own logarithm): refused, not taken for a constant
; Covers: error arithmetic on bits
; opt: opt
; error: "arithmetic on the bits of a float"

declare double @__enzyme_autodiff(ptr, ...)

define double @f(double %x) {
entry:
  %u = bitcast double %x to i64
  %hi = lshr i64 %u, 32
  %h = trunc i64 %hi to i32
  %small = icmp ult i32 %h, 1048576
  br i1 %small, label %scaled, label %joined
scaled:
  %y = fmul double %x, 0x4350000000000000
  %v = bitcast double %y to i64
  %hj = lshr i64 %v, 32
  %i = trunc i64 %hj to i32
  br label %joined
joined:
  %w = phi i64 [ %u, %entry ], [ %v, %scaled ]
  %j = phi i32 [ %h, %entry ], [ %i, %scaled ]
  %m = and i32 %j, 1048575
  %n = or i32 %m, 1072693248
  %z = zext i32 %n to i64
  %s = shl i64 %z, 32
  %low = and i64 %w, 4294967295
  %all = or i64 %s, %low
  %r = bitcast i64 %all to double
  ret double %r
}

define double @df(double %x) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %d
}
