; Adjoints of floats whose bytes the primal copies one by one. Which bytes make a float is not known here.
;
; Where there is nothing yet, a sum is what is added to it, so bits are put there as they come, whatever they are parts of. Else
; the bytes are collected until the float is whole, then it is added; a float is taken to be aligned there, unless one was seen
; that is not. A table has sixteen entries { i64 address of the aligned word or 0, i64 bytes that are there (and 256 while all
; of them are zeros), i64 their bits }, and a word that says whether floats were seen that are not aligned. Sixteen floats at
; once are collected by no program that we know of: more than that stops the program.

@enzyme_rs.piece.message = private unnamed_addr constant [111 x i8] c"enzyme-rs: adjoints meet in floats that are moved byte by byte, and where each float begins there is not known\00"

declare i32 @puts(ptr)
declare i32 @fflush(ptr)
declare void @abort() noreturn
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)

define void @enzyme_rs.piece.stop() noinline nounwind noreturn {
  %a = call i32 @puts(ptr @enzyme_rs.piece.message)
  %b = call i32 @fflush(ptr null)
  call void @abort()
  unreachable
}

; A float is used here.
define void @enzyme_rs.piece.note(ptr %table, ptr %place, i64 %word) nounwind {
  %address = ptrtoint ptr %place to i64
  %low = add i64 %word, -1
  %offset = and i64 %address, %low
  %odd.p = getelementptr i8, ptr %table, i64 384
  %odd = load i64, ptr %odd.p, align 8
  %all = or i64 %odd, %offset
  store i64 %all, ptr %odd.p, align 8
  ret void
}

define i64 @enzyme_rs.piece.word(ptr %target, i64 %word) nounwind {
  switch i64 %word, label %fail [ i64 8, label %of8
                                  i64 4, label %of4
                                  i64 2, label %of2 ]
of8:
  %v8 = load i64, ptr %target, align 8
  ret i64 %v8
of4:
  %v4 = load i32, ptr %target, align 4
  %w4 = zext i32 %v4 to i64
  ret i64 %w4
of2:
  %v2 = load i16, ptr %target, align 2
  %w2 = zext i16 %v2 to i64
  ret i64 %w2
fail:
  call void @enzyme_rs.piece.stop()
  unreachable
}

define void @enzyme_rs.piece.add(ptr %table, ptr %place, i64 %bits, i64 %bytes, i64 %word) noinline nounwind {
entry:
  %address = ptrtoint ptr %place to i64
  %low = add i64 %word, -1
  %offset = and i64 %address, %low
  %base = sub i64 %address, %offset
  %shift = shl i64 %offset, 3
  %moved = shl i64 %bits, %shift
  %one = shl i64 1, %bytes
  %run = add i64 %one, -1
  %here = shl i64 %run, %offset
  %all.one = shl i64 1, %word
  %all = add i64 %all.one, -1
  %target = inttoptr i64 %base to ptr
  br label %find
find:
  %i = phi i64 [ 0, %entry ], [ %i.next, %other ]
  %free = phi ptr [ null, %entry ], [ %free.next, %other ]
  %done = icmp eq i64 %i, 16
  br i1 %done, label %fresh, label %look
look:
  %at = mul i64 %i, 24
  %slot = getelementptr i8, ptr %table, i64 %at
  %key = load i64, ptr %slot, align 8
  %key.address = and i64 %key, -2
  %hit = icmp eq i64 %key.address, %base
  br i1 %hit, label %found, label %other
other:
  ; A float of which only zeros have come so far may go, and one that is where it belongs.
  %slot.bits.p = getelementptr i8, ptr %slot, i64 16
  %slot.bits = load i64, ptr %slot.bits.p, align 8
  %empty = icmp eq i64 %key, 0
  %idle = icmp eq i64 %slot.bits, 0
  %none = icmp eq ptr %free, null
  %take.idle = and i1 %idle, %none
  %usable = or i1 %empty, %take.idle
  %free.next = select i1 %usable, ptr %slot, ptr %free
  %i.next = add i64 %i, 1
  br label %find
fresh:
  %full = icmp eq ptr %free, null
  br i1 %full, label %fail, label %make
make:
  ; Zeros alone say nothing, and need no place: whether there is something already is looked at when more comes. (A word
  ; that begins in a buffer may end behind it; no float of the buffer does, and so zeros are all that comes there.)
  store i64 %base, ptr %free, align 8
  %free.mask = getelementptr i8, ptr %free, i64 8
  store i64 256, ptr %free.mask, align 8
  %free.bits = getelementptr i8, ptr %free, i64 16
  store i64 0, ptr %free.bits, align 8
  br label %found
found:
  %entry.p = phi ptr [ %slot, %look ], [ %free, %make ]
  %mask.p = getelementptr i8, ptr %entry.p, i64 8
  %bits.p = getelementptr i8, ptr %entry.p, i64 16
  %mask.old = load i64, ptr %mask.p, align 8
  %undecided.bit = and i64 %mask.old, 256
  %undecided = icmp ne i64 %undecided.bit, 0
  br i1 %undecided, label %first, label %known
first:
  %more = icmp ne i64 %bits, 0
  br i1 %more, label %decide, label %zeros
zeros:
  %mask.zeros = or i64 %mask.old, %here
  store i64 %mask.zeros, ptr %mask.p, align 8
  %all.zeros = or i64 %all, 256
  %done.zeros = icmp eq i64 %mask.zeros, %all.zeros
  br i1 %done.zeros, label %close, label %leave
decide:
  ; Whether there is something already: the lowest bit of the key says that there is not.
  %v = call i64 @enzyme_rs.piece.word(ptr %target, i64 %word)
  %nothing = icmp eq i64 %v, 0
  %direct.bit = zext i1 %nothing to i64
  %new.key = or i64 %base, %direct.bit
  store i64 %new.key, ptr %entry.p, align 8
  %mask.decided = and i64 %mask.old, 255
  store i64 %mask.decided, ptr %mask.p, align 8
  br label %known
known:
  %entry.key = load i64, ptr %entry.p, align 8
  %entry.bit = and i64 %entry.key, 1
  %direct = icmp ne i64 %entry.bit, 0
  %mask = load i64, ptr %mask.p, align 8
  %twice = and i64 %mask, %here
  %again = icmp ne i64 %twice, 0
  %old.bits = load i64, ptr %bits.p, align 8
  %new.bits = or i64 %old.bits, %moved
  br i1 %direct, label %straight, label %collect

straight:
  ; Bytes that come again are of another term, for which where the float begins would matter, unless the first was taken away
  ; meanwhile; zeros are no term.
  %zero = icmp eq i64 %bits, 0
  %anew = and i1 %again, %zero
  br i1 %anew, label %leave, label %room
room:
  %now = call i64 @enzyme_rs.piece.word(ptr %target, i64 %word)
  %width = shl i64 %bytes, 3
  %all.bits = shl i64 1, %width
  %some.bits = add i64 %all.bits, -1
  %these.bits = shl i64 %some.bits, %shift
  %taken = and i64 %now, %these.bits
  %room.is = icmp eq i64 %taken, 0
  br i1 %room.is, label %set, label %fail
set:
  switch i64 %bytes, label %fail [ i64 1, label %set1
                                   i64 2, label %set2
                                   i64 4, label %set4 ]
set1:
  %s1 = trunc i64 %bits to i8
  store i8 %s1, ptr %place, align 1
  br label %is.set
set2:
  %s2 = trunc i64 %bits to i16
  store i16 %s2, ptr %place, align 1
  br label %is.set
set4:
  %s4 = trunc i64 %bits to i32
  store i32 %s4, ptr %place, align 1
  br label %is.set
is.set:
  %mask.set = or i64 %mask, %here
  store i64 %mask.set, ptr %mask.p, align 8
  %all.set = icmp eq i64 %mask.set, %all
  br i1 %all.set, label %close, label %leave
close:
  store i64 0, ptr %entry.p, align 8
  br label %leave

collect:
  ; Bytes that come again begin another float; what was there before must have been zeros, of an integer perhaps.
  %pending = icmp ne i64 %old.bits, 0
  %clash = and i1 %again, %pending
  %odd.p = getelementptr i8, ptr %table, i64 384
  %odd = load i64, ptr %odd.p, align 8
  %is.odd = icmp ne i64 %odd, 0
  %something = icmp ne i64 %bits, 0
  %unknown = and i1 %is.odd, %something
  %bad = or i1 %clash, %unknown
  br i1 %bad, label %fail, label %put
put:
  %mask.kept = select i1 %again, i64 0, i64 %mask
  %mask.new = or i64 %mask.kept, %here
  store i64 %mask.new, ptr %mask.p, align 8
  store i64 %new.bits, ptr %bits.p, align 8
  %whole = icmp eq i64 %mask.new, %all
  br i1 %whole, label %add, label %leave
add:
  store i64 0, ptr %entry.p, align 8
  store i64 0, ptr %bits.p, align 8
  switch i64 %word, label %fail [ i64 8, label %add8
                                  i64 4, label %add4
                                  i64 2, label %add2 ]
add8:
  %d8 = bitcast i64 %new.bits to double
  %o8 = load double, ptr %target, align 8
  %t8 = fadd double %o8, %d8
  store double %t8, ptr %target, align 8
  br label %leave
add4:
  %b4 = trunc i64 %new.bits to i32
  %d4 = bitcast i32 %b4 to float
  %o4 = load float, ptr %target, align 4
  %t4 = fadd float %o4, %d4
  store float %t4, ptr %target, align 4
  br label %leave
add2:
  %b2 = trunc i64 %new.bits to i16
  %d2 = bitcast i16 %b2 to half
  %o2 = load half, ptr %target, align 2
  %t2 = fadd half %o2, %d2
  store half %t2, ptr %target, align 2
  br label %leave
leave:
  ret void
fail:
  call void @enzyme_rs.piece.stop()
  unreachable
}

; The adjoint of a copy of bytes, as bits: where they come from there was nothing. Returns the length that is left to be added as
; aligned floats: nothing, or all of it. Bytes that lie in both ranges are overwritten by the copy.
define i64 @enzyme_rs.piece.move(ptr %table, ptr %d.dst, ptr %d.src, i64 %len, i64 %word) noinline nounwind {
entry:
  %dst = ptrtoint ptr %d.dst to i64
  %src = ptrtoint ptr %d.src to i64
  %same = icmp eq i64 %dst, %src
  %none = icmp eq i64 %len, 0
  %nothing = or i1 %same, %none
  br i1 %nothing, label %leave, label %look
look:
  %i = phi i64 [ 0, %entry ], [ %i.next, %next ]
  %p = add i64 %src, %i
  %p.in = sub i64 %p, %dst
  %p.both = icmp ult i64 %p.in, %len
  %p.p = inttoptr i64 %p to ptr
  br i1 %p.both, label %next, label %alone
alone:
  %old = load i8, ptr %p.p, align 1
  %free = icmp eq i8 %old, 0
  br i1 %free, label %next, label %taken
next:
  %i.next = add i64 %i, 1
  %more = icmp ult i64 %i.next, %len
  br i1 %more, label %look, label %move
move:
  call void @llvm.memmove.p0.p0.i64(ptr %d.src, ptr %d.dst, i64 %len, i1 false)
  br label %clear
clear:
  %k = phi i64 [ 0, %move ], [ %k.next, %cleared ]
  %q = add i64 %dst, %k
  %q.in = sub i64 %q, %src
  %q.both = icmp ult i64 %q.in, %len
  %q.p = inttoptr i64 %q to ptr
  br i1 %q.both, label %cleared, label %wipe
wipe:
  store i8 0, ptr %q.p, align 1
  br label %cleared
cleared:
  %k.next = add i64 %k, 1
  %k.more = icmp ult i64 %k.next, %len
  br i1 %k.more, label %clear, label %leave
leave:
  ret i64 0
taken:
  %odd.p = getelementptr i8, ptr %table, i64 384
  %odd = load i64, ptr %odd.p, align 8
  %either = or i64 %dst, %src
  %any = or i64 %either, %len
  %low = add i64 %word, -1
  %off = and i64 %any, %low
  %unsure = or i64 %off, %odd
  %known = icmp eq i64 %unsure, 0
  br i1 %known, label %as.floats, label %empty
as.floats:
  ret i64 %len
empty:
  ; Nothing moves, perhaps.
  %e = phi i64 [ 0, %taken ], [ %e.next, %e.zero ]
  %e.at = add i64 %dst, %e
  %e.p = inttoptr i64 %e.at to ptr
  %e.v = load i8, ptr %e.p, align 1
  %e.is = icmp eq i8 %e.v, 0
  br i1 %e.is, label %e.zero, label %fail
e.zero:
  %e.next = add i64 %e, 1
  %e.more = icmp ult i64 %e.next, %len
  br i1 %e.more, label %empty, label %nothing.moves
nothing.moves:
  ret i64 0
fail:
  call void @enzyme_rs.piece.stop()
  unreachable
}

; Two terms of the adjoint of some bytes: of each byte only one of them can be something, for where a float begins is not known.
define i64 @enzyme_rs.piece.or(i64 %a, i64 %b) nounwind {
  %a.low = and i64 %a, 9187201950435737471
  %a.up = add i64 %a.low, 9187201950435737471
  %a.any = or i64 %a.up, %a
  %b.low = and i64 %b, 9187201950435737471
  %b.up = add i64 %b.low, 9187201950435737471
  %b.any = or i64 %b.up, %b
  %both.any = and i64 %a.any, %b.any
  %both = and i64 %both.any, -9187201950435737472
  %r = or i64 %a, %b
  %apart = icmp eq i64 %both, 0
  br i1 %apart, label %fine, label %fail
fine:
  ret i64 %r
fail:
  call void @enzyme_rs.piece.stop()
  unreachable
}

; No float may be left in pieces.
define void @enzyme_rs.piece.end(ptr %table) nounwind {
entry:
  br label %find
find:
  %i = phi i64 [ 0, %entry ], [ %i.next, %look ]
  %done = icmp eq i64 %i, 16
  br i1 %done, label %leave, label %look
look:
  %at = mul i64 %i, 24
  %bits.at = add i64 %at, 16
  %bits.p = getelementptr i8, ptr %table, i64 %bits.at
  %bits = load i64, ptr %bits.p, align 8
  %i.next = add i64 %i, 1
  %idle = icmp eq i64 %bits, 0
  br i1 %idle, label %find, label %fail
leave:
  ret void
fail:
  call void @enzyme_rs.piece.stop()
  unreachable
}
