;; Where dynamic_cast finds the object that it casts to, relative to the one that it was given: the shadows of the two
;; lie as they do.

declare ptr @__dynamic_cast(ptr, ptr, ptr, i64)
declare void @llvm.trap()

;; Whether the cast succeeds. With a hint of 0 or more the object is `hint` bytes above the one that it is cast to,
;; unless the program casts across from one of several bases of one type, for which there is no hint: that traps.
define i1 @enzyme_rs.cast.succeeds(ptr %from, ptr %type, ptr %wanted, i64 %hint) noinline {
entry:
  %to = call ptr @__dynamic_cast(ptr %from, ptr %type, ptr %wanted, i64 %hint)
  %failed = icmp eq ptr %to, null
  br i1 %failed, label %no, label %found
found:
  %below = sub i64 0, %hint
  %expected = getelementptr i8, ptr %from, i64 %below
  %as.expected = icmp eq ptr %to, %expected
  br i1 %as.expected, label %yes, label %across
across:
  call void @llvm.trap()
  unreachable
yes:
  ret i1 true
no:
  ret i1 false
}

;; How far the cast object is above the given one, or the smallest integer: the cast fails.
define i64 @enzyme_rs.cast.distance(ptr %from, ptr %type, ptr %wanted, i64 %hint) noinline {
entry:
  %to = call ptr @__dynamic_cast(ptr %from, ptr %type, ptr %wanted, i64 %hint)
  %failed = icmp eq ptr %to, null
  %to.number = ptrtoint ptr %to to i64
  %from.number = ptrtoint ptr %from to i64
  %distance = sub i64 %to.number, %from.number
  %result = select i1 %failed, i64 -9223372036854775808, i64 %distance
  ret i64 %result
}
