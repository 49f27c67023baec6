; What: a float is put together from words that passed through a merge (a C library's own logarithm): refused, not taken for a constant
; Covers: error arithmetic on bits
; error: "arithmetic on the bits of a float"

declare double @__enzyme_autodiff(ptr, ...)

define double @f(double %x) {
entry:
  %u = bitcast double %x to i64
  %hi = lshr i64 %u, 32
  %h = trunc i64 %hi to i32
  %small = icmp slt i64 %u, 4503599627370496
  br i1 %small, label %scaled, label %plain
plain:
  %one = icmp eq i64 %hi, 1072693248
  br i1 %one, label %exact, label %joined
exact:
  %rest = and i64 %u, 4294967295
  %is = icmp eq i64 %rest, 0
  br i1 %is, label %done, label %joined
scaled:
  %y = fmul double %x, 0x4350000000000000
  %v = bitcast double %y to i64
  %hj = lshr i64 %v, 32
  %i = trunc i64 %hj to i32
  br label %joined
joined:
  %k = phi i32 [ -1077, %scaled ], [ -1023, %plain ], [ -1023, %exact ]
  %w = phi i64 [ %v, %scaled ], [ %u, %plain ], [ %u, %exact ]
  %j = phi i32 [ %i, %scaled ], [ %h, %plain ], [ 1072693248, %exact ]
  %a = add i32 %j, 614242
  %e = lshr i32 %a, 20
  %p = add i32 %k, %e
  %m = and i32 %a, 1048575
  %n = add i32 %m, 1072079006
  %z = zext i32 %n to i64
  %s = shl i64 %z, 32
  %low = and i64 %w, 4294967295
  %all = or i64 %s, %low
  %r = bitcast i64 %all to double
  %q = sitofp i32 %p to double
  %t = fadd double %r, %q
  br label %done
done:
  %out = phi double [ %t, %joined ], [ 0.0, %exact ]
  ret double %out
}

define double @df(double %x) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %d
}
