; What: a float in the low half of a word that is an address in another variant of an enum: it has no place in the shadow
; Covers: error an address made of the bits of a float
; error: "an address made of the bits of a float"

@enzyme_dup = external global i32
@enzyme_const = external global i32

declare { float } @__enzyme_autodiff(ptr, ...)

define double @f(float %x, ptr %given, i1 %c) {
entry:
  %own = alloca [4 x double]
  store volatile double 1.0, ptr %own
  br i1 %c, label %float, label %join
float:
  %k = bitcast float %x to i32
  %word = ptrtoint ptr %own to i64
  %cleared = and i64 %word, -4294967296
  %low = zext i32 %k to i64
  %both = or disjoint i64 %cleared, %low
  %made = inttoptr i64 %both to ptr
  br label %join
join:
  %p = phi ptr [ %made, %float ], [ %given, %entry ]
  br i1 %c, label %of.float, label %of.address
of.float:
  %w = ptrtoint ptr %p to i64
  %t = trunc i64 %w to i32
  %again = bitcast i32 %t to float
  %d = fpext float %again to double
  %d2 = fmul double %d, %d
  ret double %d2
of.address:
  %y = load double, ptr %p
  ret double %y
}

define float @df(float %x, ptr %g, ptr %dg, i1 %c) {
  %r = call { float } (ptr, ...) @__enzyme_autodiff(ptr @f, float %x, ptr @enzyme_dup, ptr %g, ptr %dg, ptr @enzyme_const, i1 %c)
  %v = extractvalue { float } %r, 0
  ret float %v
}
