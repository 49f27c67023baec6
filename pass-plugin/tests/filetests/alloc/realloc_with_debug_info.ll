; What: a reallocation is spelt out as calls of functions with debug information, which need lines themselves (`strictfp` keeps them from being inlined)
; Covers: memory __rust_alloc
; diff: @f(p: dup [f64] = [1.0, 2.0], n: const i64 = 32) -> f64
; grad: p = [2*p[0], 0]
; opt: O0 O1 O2 opt
declare noalias ptr @malloc(i64)
declare ptr @realloc(ptr, i64)
declare void @free(ptr)
define internal noalias ptr @__rust_alloc(i64 %size, i64 allocalign %align) noinline allockind("alloc,uninitialized,aligned") allocsize(0) "alloc-family"="__rust_alloc" !dbg !4 {
  %p = call ptr @malloc(i64 %size), !dbg !8
  ret ptr %p, !dbg !8
}
define internal void @__rust_dealloc(ptr allocptr %p, i64 %size, i64 %align) noinline allockind("free") "alloc-family"="__rust_alloc" !dbg !5 {
  call void @free(ptr %p), !dbg !9
  ret void, !dbg !9
}
define internal noalias ptr @__rust_realloc(ptr allocptr %p, i64 %old, i64 allocalign %align, i64 %new) noinline allockind("realloc,aligned") allocsize(3) "alloc-family"="__rust_alloc" !dbg !6 {
  %q = call ptr @realloc(ptr %p, i64 %new), !dbg !10
  ret ptr %q, !dbg !10
}
define double @f(ptr %p, i64 %n) strictfp !dbg !7 {
  %m = call ptr @__rust_alloc(i64 %n, i64 8), !dbg !11
  %x = load double, ptr %p, !dbg !11
  %y = fmul double %x, %x, !dbg !11
  store double %y, ptr %m, !dbg !11
  %more = add i64 %n, 8, !dbg !11
  %r = call ptr @__rust_realloc(ptr %m, i64 %n, i64 8, i64 %more), !dbg !11
  %z = load double, ptr %r, !dbg !11
  call void @__rust_dealloc(ptr %r, i64 %more, i64 8), !dbg !11
  ret double %z, !dbg !11
}
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "f.c", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{})
!4 = distinct !DISubprogram(name: "alloc", scope: !1, file: !1, line: 1, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!5 = distinct !DISubprogram(name: "dealloc", scope: !1, file: !1, line: 2, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!6 = distinct !DISubprogram(name: "realloc", scope: !1, file: !1, line: 3, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!7 = distinct !DISubprogram(name: "f", scope: !1, file: !1, line: 4, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!8 = !DILocation(line: 1, scope: !4)
!9 = !DILocation(line: 2, scope: !5)
!10 = !DILocation(line: 3, scope: !6)
!11 = !DILocation(line: 4, scope: !7)
