; What: the f32 form of sincos, in a loop that keeps its results in memory
; Covers: function sincosf
; diff: @f(x: f32 = 0.7) -> f32
; grad: x = 3*(cos(x)^2 - sin(x)^2)

declare void @sincosf(float, ptr, ptr)
define float @f(float %x) {
entry:
  %p = alloca float
  %c = alloca float
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %a = phi float [ 0.0, %entry ], [ %a1, %l ]
  call void @sincosf(float %x, ptr %p, ptr %c)
  %s = load float, ptr %p
  %k = load float, ptr %c
  %sk = fmul float %s, %k
  %a1 = fadd float %a, %sk
  %i1 = add i64 %i, 1
  %e = icmp eq i64 %i1, 3
  br i1 %e, label %d, label %l
d:
  ret float %a1
}
