; Adjoints of floats whose bytes the primal copies one by one: the bytes are collected until the float is whole, then
; it is added. A table has sixteen entries { i64 address of the float or 0, i64 bytes that are there, i64 their bits }.
; Sixteen floats at once are copied in pieces by no program that we know of: more than that stops the program.

declare void @abort() noreturn

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
  %hit = icmp eq i64 %key, %base
  br i1 %hit, label %found, label %other
other:
  ; A float of which only zeros have come so far may go.
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
  store i64 %base, ptr %free, align 8
  %free.mask = getelementptr i8, ptr %free, i64 8
  store i64 0, ptr %free.mask, align 8
  %free.bits = getelementptr i8, ptr %free, i64 16
  store i64 0, ptr %free.bits, align 8
  br label %found
found:
  %entry.p = phi ptr [ %slot, %look ], [ %free, %make ]
  %mask.p = getelementptr i8, ptr %entry.p, i64 8
  %bits.p = getelementptr i8, ptr %entry.p, i64 16
  %mask = load i64, ptr %mask.p, align 8
  %twice = and i64 %mask, %here
  %old.bits = load i64, ptr %bits.p, align 8
  ; Bytes that come again begin another float; what was there before must have been zeros, of an integer perhaps.
  %again = icmp ne i64 %twice, 0
  %pending = icmp ne i64 %old.bits, 0
  %clash = and i1 %again, %pending
  br i1 %clash, label %fail, label %put
put:
  %mask.kept = select i1 %again, i64 0, i64 %mask
  %mask.new = or i64 %mask.kept, %here
  %new.bits = or i64 %old.bits, %moved
  store i64 %mask.new, ptr %mask.p, align 8
  store i64 %new.bits, ptr %bits.p, align 8
  %whole = icmp eq i64 %mask.new, %all
  br i1 %whole, label %add, label %leave
add:
  store i64 0, ptr %entry.p, align 8
  store i64 0, ptr %bits.p, align 8
  %target = inttoptr i64 %base to ptr
  switch i64 %word, label %fail [ i64 8, label %add8
                                  i64 4, label %add4
                                  i64 2, label %add2 ]
add8:
  %d8 = bitcast i64 %new.bits to double
  %o8 = load double, ptr %target, align 8
  %s8 = fadd double %o8, %d8
  store double %s8, ptr %target, align 8
  br label %leave
add4:
  %b4 = trunc i64 %new.bits to i32
  %d4 = bitcast i32 %b4 to float
  %o4 = load float, ptr %target, align 4
  %s4 = fadd float %o4, %d4
  store float %s4, ptr %target, align 4
  br label %leave
add2:
  %b2 = trunc i64 %new.bits to i16
  %d2 = bitcast i16 %b2 to half
  %o2 = load half, ptr %target, align 2
  %s2 = fadd half %o2, %d2
  store half %s2, ptr %target, align 2
  br label %leave
leave:
  ret void
fail:
  call void @abort()
  unreachable
}

; Two terms of the adjoint of a byte: only one of them can be something.
define i64 @enzyme_rs.piece.or(i64 %a, i64 %b) nounwind {
  %x = icmp ne i64 %a, 0
  %y = icmp ne i64 %b, 0
  %both = and i1 %x, %y
  br i1 %both, label %fail, label %fine
fine:
  %r = or i64 %a, %b
  ret i64 %r
fail:
  call void @abort()
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
  call void @abort()
  unreachable
}
