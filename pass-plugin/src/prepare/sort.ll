;; Sorting and searching with a comparator of the user's, in terms that can be differentiated: what moves is moved by
;; copies, where it goes is decided by functions without a derivative.
;;
;; The sort is stable, as that of the C library is, so that equal elements come out in the same order.

declare noalias ptr @malloc(i64)
declare void @free(ptr)
declare i64 @llvm.smin.i64(i64, i64)
declare void @llvm.memcpy.p0.p0.i64(ptr noalias writeonly, ptr noalias readonly, i64, i1 immarg)

;; qsort: base[k] = old[order[k]] for all k.
define void @enzyme_rs.qsort(ptr %base, i64 %n, i64 %size, ptr %compare) {
entry:
  %several = icmp ugt i64 %n, 1
  br i1 %several, label %begin, label %done
begin:
  %bytes = mul i64 %n, %size
  %order = call ptr @enzyme_rs.sort.order(ptr %base, i64 %n, i64 %size, ptr %compare)
  %old = call ptr @malloc(i64 %bytes)
  call void @llvm.memcpy.p0.p0.i64(ptr %old, ptr %base, i64 %bytes, i1 false)
  br label %move
move:
  %k = phi i64 [ 0, %begin ], [ %next, %move ]
  %place = getelementptr inbounds i64, ptr %order, i64 %k
  %from = load i64, ptr %place, align 8
  %to.offset = mul i64 %k, %size
  %from.offset = mul i64 %from, %size
  %to.p = getelementptr inbounds i8, ptr %base, i64 %to.offset
  %from.p = getelementptr inbounds i8, ptr %old, i64 %from.offset
  call void @llvm.memcpy.p0.p0.i64(ptr %to.p, ptr %from.p, i64 %size, i1 false)
  %next = add nuw i64 %k, 1
  %more = icmp ult i64 %next, %n
  br i1 %more, label %move, label %end
end:
  call void @free(ptr %old)
  call void @free(ptr %order)
  br label %done
done:
  ret void
}

;; bsearch: the address of an element, or null.
define ptr @enzyme_rs.bsearch(ptr %key, ptr %base, i64 %n, i64 %size, ptr %compare) {
entry:
  %k = call i64 @enzyme_rs.sort.find(ptr %key, ptr %base, i64 %n, i64 %size, ptr %compare)
  %offset = mul i64 %k, %size
  %found = getelementptr i8, ptr %base, i64 %offset
  %none = icmp slt i64 %k, 0
  %result = select i1 %none, ptr null, ptr %found
  ret ptr %result
}

;; Merges runs of 1, 2, 4, ... places back and forth between the two halves of a buffer; the result is in the first.
define internal ptr @enzyme_rs.sort.order(ptr %base, i64 %n, i64 %size, ptr %compare) noinline {
entry:
  %bytes = shl i64 %n, 3
  %both = shl i64 %bytes, 1
  %first = call ptr @malloc(i64 %both)
  %second = getelementptr inbounds i64, ptr %first, i64 %n
  br label %number
number:
  %p = phi i64 [ 0, %entry ], [ %p.next, %number ]
  %p.p = getelementptr inbounds i64, ptr %first, i64 %p
  store i64 %p, ptr %p.p, align 8
  %p.next = add nuw i64 %p, 1
  %p.more = icmp ult i64 %p.next, %n
  br i1 %p.more, label %number, label %pass
pass:
  %width = phi i64 [ 1, %number ], [ %twice, %passed ]
  %from = phi ptr [ %first, %number ], [ %to, %passed ]
  %to = phi ptr [ %second, %number ], [ %from, %passed ]
  %unsorted = icmp slt i64 %width, %n
  br i1 %unsorted, label %pass.start, label %sorted
pass.start:
  %twice = shl i64 %width, 1
  br label %run
run:
  %low = phi i64 [ 0, %pass.start ], [ %low.next, %run.end ]
  %low.next = add i64 %low, %twice
  %low.middle = add i64 %low, %width
  %middle = call i64 @llvm.smin.i64(i64 %low.middle, i64 %n)
  %high = call i64 @llvm.smin.i64(i64 %low.next, i64 %n)
  br label %pick
pick:
  %k = phi i64 [ %low, %run ], [ %k.next, %picked ]
  %i = phi i64 [ %low, %run ], [ %i.next, %picked ]
  %j = phi i64 [ %middle, %run ], [ %j.next, %picked ]
  %have.i = icmp slt i64 %i, %middle
  %have.j = icmp slt i64 %j, %high
  %both.left = and i1 %have.i, %have.j
  br i1 %both.left, label %ask, label %picked
ask:
  %i.p = getelementptr inbounds i64, ptr %from, i64 %i
  %i.at = load i64, ptr %i.p, align 8
  %i.offset = mul i64 %i.at, %size
  %i.element = getelementptr inbounds i8, ptr %base, i64 %i.offset
  %j.p = getelementptr inbounds i64, ptr %from, i64 %j
  %j.at = load i64, ptr %j.p, align 8
  %j.offset = mul i64 %j.at, %size
  %j.element = getelementptr inbounds i8, ptr %base, i64 %j.offset
  %answer = call i32 %compare(ptr %i.element, ptr %j.element)
  %in.order = icmp slt i32 %answer, 1
  br label %picked
picked:
  %left = phi i1 [ %have.i, %pick ], [ %in.order, %ask ]
  %source = select i1 %left, i64 %i, i64 %j
  %one.i = zext i1 %left to i64
  %one.j = sub i64 1, %one.i
  %i.next = add i64 %i, %one.i
  %j.next = add i64 %j, %one.j
  %source.p = getelementptr inbounds i64, ptr %from, i64 %source
  %taken = load i64, ptr %source.p, align 8
  %to.p = getelementptr inbounds i64, ptr %to, i64 %k
  store i64 %taken, ptr %to.p, align 8
  %k.next = add i64 %k, 1
  %k.more = icmp slt i64 %k.next, %high
  br i1 %k.more, label %pick, label %run.end
run.end:
  %low.more = icmp slt i64 %low.next, %n
  br i1 %low.more, label %run, label %passed
passed:
  br label %pass
sorted:
  %in.second = icmp ne ptr %from, %first
  br i1 %in.second, label %copy, label %done
copy:
  call void @llvm.memcpy.p0.p0.i64(ptr %first, ptr %from, i64 %bytes, i1 false)
  br label %done
done:
  ret ptr %first
}

;; The place of an element that equals the key, or -1.
define internal i64 @enzyme_rs.sort.find(ptr %key, ptr %base, i64 %n, i64 %size, ptr %compare) noinline {
entry:
  br label %look
look:
  %low = phi i64 [ 0, %entry ], [ %low.next, %half ]
  %high = phi i64 [ %n, %entry ], [ %high.next, %half ]
  %some = icmp ult i64 %low, %high
  br i1 %some, label %ask, label %none
ask:
  %length = sub i64 %high, %low
  %step = lshr i64 %length, 1
  %middle = add i64 %low, %step
  %offset = mul i64 %middle, %size
  %element = getelementptr inbounds i8, ptr %base, i64 %offset
  %answer = call i32 %compare(ptr %key, ptr %element)
  %equal = icmp eq i32 %answer, 0
  br i1 %equal, label %found, label %half
half:
  %before = icmp slt i32 %answer, 0
  %above = add i64 %middle, 1
  %low.next = select i1 %before, i64 %low, i64 %above
  %high.next = select i1 %before, i64 %middle, i64 %high
  br label %look
found:
  ret i64 %middle
none:
  ret i64 -1
}
