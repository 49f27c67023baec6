; What: a vectorised loop in single precision
; Covers: instruction fmul on vectors
; diff: @f(p: dup [f32] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], n: const i64 = 8) -> f32
; grad: p = [2*p[0], 2*p[1], 2*p[2], 2*p[3], 2*p[4], 2*p[5], 2*p[6], 2*p[7]]

declare float @llvm.vector.reduce.fadd.v4f32(float, <4 x float>)
define float @f(ptr %p, i64 %n) {
entry:
  br label %l
l:
  %i = phi i64 [ 0, %entry ], [ %i1, %l ]
  %s = phi <4 x float> [ zeroinitializer, %entry ], [ %s1, %l ]
  %a = getelementptr inbounds float, ptr %p, i64 %i
  %x = load <4 x float>, ptr %a, align 4
  %q = fmul <4 x float> %x, %x
  %s1 = fadd <4 x float> %s, %q
  %i1 = add nuw nsw i64 %i, 4
  %c = icmp eq i64 %i1, %n
  br i1 %c, label %d, label %l
d:
  %r = call reassoc float @llvm.vector.reduce.fadd.v4f32(float 0.0, <4 x float> %s1)
  ret float %r
}
