; The tape's memory. An arena is { ptr current, ptr end, ptr newest chunk, ptr newest free }, zeroed at first.
; A deferred free is a record { ptr previous, ptr function that takes the record, ... }.
; A chunk starts with { ptr previous chunk, i64 its size }.
;
; Chunks grow by four, up to just below 32 MiB: glibc's malloc keeps a freed heap for the next call while it is
; smaller than twice the largest freed piece, so that a tape made again and again does not fault its pages in anew
; (with growth by two, a fifth of the time of a GMM gradient went into page faults).

declare noalias ptr @malloc(i64)
declare void @free(ptr)
declare void @abort() noreturn
declare { i64, i1 } @llvm.umul.with.overflow.i64(i64, i64)

; a * b, or the largest number when that does not fit: an allocation of it fails.
define i64 @enzyme_rs.tape.size(i64 %a, i64 %b) alwaysinline nounwind willreturn memory(none) {
  %r = call { i64, i1 } @llvm.umul.with.overflow.i64(i64 %a, i64 %b)
  %p = extractvalue { i64, i1 } %r, 0
  %o = extractvalue { i64, i1 } %r, 1
  %s = select i1 %o, i64 -1, i64 %p
  ret i64 %s
}

define ptr @enzyme_rs.tape.grow(ptr %arena, i64 %bytes) noinline cold nounwind {
entry:
  %huge = icmp ugt i64 %bytes, 4611686018427387904
  br i1 %huge, label %fail, label %sized
sized:
  %newest.p = getelementptr inbounds i8, ptr %arena, i64 16
  %newest = load ptr, ptr %newest.p, align 8
  %none = icmp eq ptr %newest, null
  br i1 %none, label %choose, label %last
last:
  %last.p = getelementptr inbounds i8, ptr %newest, i64 8
  %last.n = load i64, ptr %last.p, align 8
  br label %choose
choose:
  %before = phi i64 [ 1024, %sized ], [ %last.n, %last ]
  %larger = shl i64 %before, 2
  %most = call i64 @llvm.umin.i64(i64 %larger, i64 33488896)
  %least = add i64 %bytes, 32
  %n = call i64 @llvm.umax.i64(i64 %most, i64 %least)
  %chunk = call ptr @malloc(i64 %n)
  %failed = icmp eq ptr %chunk, null
  br i1 %failed, label %fail, label %made
made:
  store ptr %newest, ptr %chunk, align 8
  %n.p = getelementptr inbounds i8, ptr %chunk, i64 8
  store i64 %n, ptr %n.p, align 8
  store ptr %chunk, ptr %newest.p, align 8
  %first = getelementptr inbounds i8, ptr %chunk, i64 16
  %next = getelementptr inbounds i8, ptr %first, i64 %bytes
  store ptr %next, ptr %arena, align 8
  %end = getelementptr inbounds i8, ptr %chunk, i64 %n
  %end.p = getelementptr inbounds i8, ptr %arena, i64 8
  store ptr %end, ptr %end.p, align 8
  ret ptr %first
fail:
  call void @abort()
  unreachable
}

define ptr @enzyme_rs.tape.push(ptr %arena, i64 %bytes) alwaysinline nounwind {
entry:
  %end.p = getelementptr inbounds i8, ptr %arena, i64 8
  %current = load ptr, ptr %arena, align 8
  %end = load ptr, ptr %end.p, align 8
  %c = ptrtoint ptr %current to i64
  %e = ptrtoint ptr %end to i64
  %room = sub i64 %e, %c
  %fits = icmp ule i64 %bytes, %room
  br i1 %fits, label %fast, label %slow
fast:
  %next = getelementptr inbounds i8, ptr %current, i64 %bytes
  store ptr %next, ptr %arena, align 8
  ret ptr %current
slow:
  %p = call ptr @enzyme_rs.tape.grow(ptr %arena, i64 %bytes)
  ret ptr %p
}

define noalias ptr @enzyme_rs.tape.keep(ptr %arena, i64 %bytes) noinline nounwind {
entry:
  %up = add i64 %bytes, 15
  %wrapped = icmp ult i64 %up, %bytes
  %whole = and i64 %up, -16
  %n = select i1 %wrapped, i64 -1, i64 %whole
  %p = call ptr @enzyme_rs.tape.push(ptr %arena, i64 %n)
  ret ptr %p
}

define void @enzyme_rs.tape.free(ptr %arena) noinline nounwind {
entry:
  %newest.p = getelementptr inbounds i8, ptr %arena, i64 16
  %newest = load ptr, ptr %newest.p, align 8
  %frees.p = getelementptr inbounds i8, ptr %arena, i64 24
  %frees = load ptr, ptr %frees.p, align 8
  br label %frees.head
frees.head:
  %record = phi ptr [ %frees, %entry ], [ %record.next, %frees.body ]
  %frees.done = icmp eq ptr %record, null
  br i1 %frees.done, label %chunks, label %frees.body
frees.body:
  %record.next = load ptr, ptr %record, align 8
  %run.p = getelementptr inbounds i8, ptr %record, i64 8
  %run = load ptr, ptr %run.p, align 8
  call void %run(ptr %record)
  br label %frees.head
chunks:
  br label %loop
loop:
  %chunk = phi ptr [ %newest, %chunks ], [ %previous, %body ]
  %done = icmp eq ptr %chunk, null
  br i1 %done, label %exit, label %body
body:
  %previous = load ptr, ptr %chunk, align 8
  call void @free(ptr %chunk)
  br label %loop
exit:
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare i64 @llvm.umin.i64(i64, i64)
declare i64 @llvm.umax.i64(i64, i64)

; Moves what an inner arena holds, chunks and frees, to the list of what is freed with another arena. For derivatives of
; derivatives: the outer one's reverse sweep reads what the inner one's tape held.
define void @enzyme_rs.tape.adopt(ptr %arena, ptr %inner) noinline nounwind {
entry:
  %record = call ptr @enzyme_rs.tape.push(ptr %arena, i64 48)
  %copy = getelementptr inbounds i8, ptr %record, i64 16
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %copy, ptr align 8 %inner, i64 32, i1 false)
  store [4 x i64] zeroinitializer, ptr %inner, align 8
  call void @enzyme_rs.tape.list(ptr %arena, ptr %record, ptr @enzyme_rs.tape.release)
  ret void
}

define void @enzyme_rs.tape.release(ptr %record) noinline nounwind {
  %arena = getelementptr inbounds i8, ptr %record, i64 16
  call void @enzyme_rs.tape.free(ptr %arena)
  ret void
}

; Makes a record the newest deferred free, which %run will do.
define void @enzyme_rs.tape.list(ptr %arena, ptr %record, ptr %run) alwaysinline nounwind {
  %frees.p = getelementptr inbounds i8, ptr %arena, i64 24
  %newest = load ptr, ptr %frees.p, align 8
  store ptr %newest, ptr %record, align 8
  %run.p = getelementptr inbounds i8, ptr %record, i64 8
  store ptr %run, ptr %run.p, align 8
  store ptr %record, ptr %frees.p, align 8
  ret void
}

; The handle that the user of split mode holds: an arena, and the frame of the function that fills it.
define ptr @enzyme_rs.tape.open() nounwind {
entry:
  %handle = call ptr @malloc(i64 48)
  %failed = icmp eq ptr %handle, null
  br i1 %failed, label %fail, label %made
made:
  store [6 x i64] zeroinitializer, ptr %handle, align 8
  ret ptr %handle
fail:
  call void @abort()
  unreachable
}

define void @enzyme_rs.tape.close(ptr %handle) nounwind {
  call void @enzyme_rs.tape.free(ptr %handle)
  call void @free(ptr %handle)
  ret void
}
