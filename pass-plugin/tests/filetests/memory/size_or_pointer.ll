; What: one word is the address of what was allocated, or on a way that does not return the size that was asked for
; diff: @f(n: const i64 = 1, x: f64 = 1.5) -> f64
; grad: x = 2*x
; Note: as rustc 1.85 makes a vector: the size is half of a checked product.

declare ptr @malloc(i64)
declare void @free(ptr)
declare void @abort()
declare { i64, i1 } @llvm.umul.with.overflow.i64(i64, i64)

define void @fail(i64 %why, i64 %size) noinline noreturn {
  store volatile i64 %size, ptr null
  call void @abort()
  unreachable
}

define double @f(i64 %n, double %x) {
entry:
  %both = call { i64, i1 } @llvm.umul.with.overflow.i64(i64 %n, i64 24)
  %size = extractvalue { i64, i1 } %both, 0
  %over = extractvalue { i64, i1 } %both, 1
  br i1 %over, label %join, label %fits
fits:
  %m = call ptr @malloc(i64 %size)
  %none = icmp eq ptr %m, null
  br i1 %none, label %join, label %there
there:
  %address = ptrtoint ptr %m to i64
  br label %join
join:
  %word = phi i64 [ undef, %entry ], [ %size, %fits ], [ %address, %there ]
  %why = phi i64 [ 0, %entry ], [ 8, %fits ], [ %n, %there ]
  %bad = phi i1 [ true, %entry ], [ true, %fits ], [ false, %there ]
  br i1 %bad, label %stop, label %go
stop:
  call void @fail(i64 %why, i64 %word)
  unreachable
go:
  %p = inttoptr i64 %word to ptr
  %last = sub i64 %n, 1
  %slot = getelementptr { double, double, double }, ptr %p, i64 %last
  store double %x, ptr %slot
  %again = load double, ptr %p
  %r = fmul double %again, %x
  call void @free(ptr %p)
  ret double %r
}
