;; What std::map, std::set and std::list call in the C++ library, in IR: pointers that are moved here are moved in shadows
;; too, like those of any function.
;;
;; A node of a tree is { i32 colour (0 red, 1 black), ptr parent, ptr left, ptr right, ... }; the header of a tree is one
;; whose parent is the root and whose left and right are the first and the last node. A node of a list is
;; { ptr next, ptr previous, ... }. The algorithms are those of any book; derived from a C version compiled by clang -O1.

define ptr @enzyme_rs.std.increment(ptr %x) {
entry:
  %right = getelementptr inbounds i8, ptr %x, i64 24
  %0 = load ptr, ptr %right, align 8
  %tobool.not = icmp eq ptr %0, null
  br i1 %tobool.not, label %while.cond4, label %while.cond

while.cond:
  %x.addr.0 = phi ptr [ %1, %while.cond ], [ %0, %entry ]
  %left = getelementptr inbounds i8, ptr %x.addr.0, i64 16
  %1 = load ptr, ptr %left, align 8
  %tobool2.not = icmp eq ptr %1, null
  br i1 %tobool2.not, label %return, label %while.cond

while.cond4:
  %x.addr.1 = phi ptr [ %y.0, %while.cond4 ], [ %x, %entry ]
  %y.0.in = getelementptr inbounds i8, ptr %x.addr.1, i64 8
  %y.0 = load ptr, ptr %y.0.in, align 8
  %right5 = getelementptr inbounds i8, ptr %y.0, i64 24
  %2 = load ptr, ptr %right5, align 8
  %cmp = icmp eq ptr %x.addr.1, %2
  br i1 %cmp, label %while.cond4, label %while.end8

while.end8:
  %right9 = getelementptr inbounds i8, ptr %x.addr.1, i64 24
  %3 = load ptr, ptr %right9, align 8
  %cmp10.not = icmp eq ptr %3, %y.0
  %cond = select i1 %cmp10.not, ptr %x.addr.1, ptr %y.0
  br label %return

return:
  %retval.0 = phi ptr [ %cond, %while.end8 ], [ %x.addr.0, %while.cond ]
  ret ptr %retval.0
}

define ptr @enzyme_rs.std.decrement(ptr %x) {
entry:
  %0 = load i32, ptr %x, align 8
  %cmp = icmp eq i32 %0, 0
  br i1 %cmp, label %land.lhs.true, label %if.end

land.lhs.true:
  %parent = getelementptr inbounds i8, ptr %x, i64 8
  %1 = load ptr, ptr %parent, align 8
  %parent1 = getelementptr inbounds i8, ptr %1, i64 8
  %2 = load ptr, ptr %parent1, align 8
  %cmp2 = icmp eq ptr %2, %x
  br i1 %cmp2, label %if.then, label %if.end

if.then:
  %right = getelementptr inbounds i8, ptr %x, i64 24
  %3 = load ptr, ptr %right, align 8
  br label %return

if.end:
  %left = getelementptr inbounds i8, ptr %x, i64 16
  %4 = load ptr, ptr %left, align 8
  %tobool.not = icmp eq ptr %4, null
  br i1 %tobool.not, label %while.cond10, label %while.cond

while.cond:
  %x.addr.0 = phi ptr [ %5, %while.cond ], [ %4, %if.end ]
  %right5 = getelementptr inbounds i8, ptr %x.addr.0, i64 24
  %5 = load ptr, ptr %right5, align 8
  %tobool6.not = icmp eq ptr %5, null
  br i1 %tobool6.not, label %return, label %while.cond

while.cond10:
  %x.addr.1 = phi ptr [ %y.0, %while.cond10 ], [ %x, %if.end ]
  %y.0.in = getelementptr inbounds i8, ptr %x.addr.1, i64 8
  %y.0 = load ptr, ptr %y.0.in, align 8
  %left11 = getelementptr inbounds i8, ptr %y.0, i64 16
  %6 = load ptr, ptr %left11, align 8
  %cmp12 = icmp eq ptr %x.addr.1, %6
  br i1 %cmp12, label %while.cond10, label %return

return:
  %retval.0 = phi ptr [ %3, %if.then ], [ %y.0, %while.cond10 ], [ %x.addr.0, %while.cond ]
  ret ptr %retval.0
}

define void @enzyme_rs.std.put(ptr %old, ptr %new_, ptr %header) {
entry:
  %parent = getelementptr inbounds i8, ptr %old, i64 8
  %0 = load ptr, ptr %parent, align 8
  %parent1 = getelementptr inbounds i8, ptr %header, i64 8
  %1 = load ptr, ptr %parent1, align 8
  %cmp = icmp eq ptr %old, %1
  br i1 %cmp, label %if.then, label %if.else

if.then:
  store ptr %new_, ptr %parent1, align 8
  br label %if.end7

if.else:
  %left = getelementptr inbounds i8, ptr %0, i64 16
  %2 = load ptr, ptr %left, align 8
  %cmp3 = icmp eq ptr %old, %2
  br i1 %cmp3, label %if.then4, label %if.else6

if.then4:
  store ptr %new_, ptr %left, align 8
  br label %if.end7

if.else6:
  %right = getelementptr inbounds i8, ptr %0, i64 24
  store ptr %new_, ptr %right, align 8
  br label %if.end7

if.end7:
  ret void
}

define void @enzyme_rs.std.rotate_left(ptr %x, ptr %header) {
entry:
  %right = getelementptr inbounds i8, ptr %x, i64 24
  %0 = load ptr, ptr %right, align 8
  %left = getelementptr inbounds i8, ptr %0, i64 16
  %1 = load ptr, ptr %left, align 8
  store ptr %1, ptr %right, align 8
  %tobool.not = icmp eq ptr %1, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %parent = getelementptr inbounds i8, ptr %1, i64 8
  store ptr %x, ptr %parent, align 8
  br label %if.end

if.end:
  %parent4 = getelementptr inbounds i8, ptr %x, i64 8
  %2 = load ptr, ptr %parent4, align 8
  %parent5 = getelementptr inbounds i8, ptr %0, i64 8
  store ptr %2, ptr %parent5, align 8
  call void @enzyme_rs.std.put(ptr %x, ptr %0, ptr %header)
  store ptr %x, ptr %left, align 8
  store ptr %0, ptr %parent4, align 8
  ret void
}

define void @enzyme_rs.std.rotate_right(ptr %x, ptr %header) {
entry:
  %left = getelementptr inbounds i8, ptr %x, i64 16
  %0 = load ptr, ptr %left, align 8
  %right = getelementptr inbounds i8, ptr %0, i64 24
  %1 = load ptr, ptr %right, align 8
  store ptr %1, ptr %left, align 8
  %tobool.not = icmp eq ptr %1, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %parent = getelementptr inbounds i8, ptr %1, i64 8
  store ptr %x, ptr %parent, align 8
  br label %if.end

if.end:
  %parent4 = getelementptr inbounds i8, ptr %x, i64 8
  %2 = load ptr, ptr %parent4, align 8
  %parent5 = getelementptr inbounds i8, ptr %0, i64 8
  store ptr %2, ptr %parent5, align 8
  call void @enzyme_rs.std.put(ptr %x, ptr %0, ptr %header)
  store ptr %x, ptr %right, align 8
  store ptr %0, ptr %parent4, align 8
  ret void
}

define void @enzyme_rs.std.insert(i1 %left, ptr %x, ptr %p, ptr %header) {
entry:
  %parent = getelementptr inbounds i8, ptr %x, i64 8
  store ptr %p, ptr %parent, align 8
  %left1 = getelementptr inbounds i8, ptr %x, i64 16
  store ptr null, ptr %left1, align 8
  %right = getelementptr inbounds i8, ptr %x, i64 24
  store ptr null, ptr %right, align 8
  store i32 0, ptr %x, align 8
  br i1 %left, label %if.then, label %if.else11

if.then:
  %left2 = getelementptr inbounds i8, ptr %p, i64 16
  store ptr %x, ptr %left2, align 8
  %cmp = icmp eq ptr %p, %header
  br i1 %cmp, label %if.then3, label %if.else

if.then3:
  %parent4 = getelementptr inbounds i8, ptr %header, i64 8
  store ptr %x, ptr %parent4, align 8
  %right5 = getelementptr inbounds i8, ptr %header, i64 24
  store ptr %x, ptr %right5, align 8
  br label %if.end18

if.else:
  %left6 = getelementptr inbounds i8, ptr %header, i64 16
  %0 = load ptr, ptr %left6, align 8
  %cmp7 = icmp eq ptr %p, %0
  br i1 %cmp7, label %if.then8, label %if.end18

if.then8:
  store ptr %x, ptr %left6, align 8
  br label %if.end18

if.else11:
  %right12 = getelementptr inbounds i8, ptr %p, i64 24
  store ptr %x, ptr %right12, align 8
  %right13 = getelementptr inbounds i8, ptr %header, i64 24
  %1 = load ptr, ptr %right13, align 8
  %cmp14 = icmp eq ptr %p, %1
  br i1 %cmp14, label %if.then15, label %if.end18

if.then15:
  store ptr %x, ptr %right13, align 8
  br label %if.end18

if.end18:
  %parent19 = getelementptr inbounds i8, ptr %header, i64 8
  %2 = load ptr, ptr %parent19, align 8
  %cmp20.not115 = icmp eq ptr %x, %2
  br i1 %cmp20.not115, label %while.end, label %land.rhs.preheader

land.rhs.preheader:
  %parent21123 = getelementptr inbounds i8, ptr %x, i64 8
  %3 = load ptr, ptr %parent21123, align 8
  %4 = load i32, ptr %3, align 8
  %cmp23124 = icmp eq i32 %4, 0
  br i1 %cmp23124, label %while.body, label %while.end

land.rhs:
  %parent21 = getelementptr inbounds i8, ptr %x.addr.3, i64 8
  %5 = load ptr, ptr %parent21, align 8
  %6 = load i32, ptr %5, align 8
  %cmp23 = icmp eq i32 %6, 0
  br i1 %cmp23, label %while.body, label %while.end

while.body:
  %7 = phi ptr [ %5, %land.rhs ], [ %3, %land.rhs.preheader ]
  %x.addr.0116125 = phi ptr [ %x.addr.3, %land.rhs ], [ %x, %land.rhs.preheader ]
  %parent25 = getelementptr inbounds i8, ptr %7, i64 8
  %8 = load ptr, ptr %parent25, align 8
  %left26 = getelementptr inbounds i8, ptr %8, i64 16
  %9 = load ptr, ptr %left26, align 8
  %cmp27 = icmp eq ptr %7, %9
  br i1 %cmp27, label %cond.true, label %cond.end

cond.true:
  %right30 = getelementptr inbounds i8, ptr %8, i64 24
  %10 = load ptr, ptr %right30, align 8
  br label %cond.end

cond.end:
  %cond = phi ptr [ %10, %cond.true ], [ %9, %while.body ]
  %tobool.not = icmp eq ptr %cond, null
  br i1 %tobool.not, label %if.else38, label %land.lhs.true

land.lhs.true:
  %11 = load i32, ptr %cond, align 8
  %cmp33 = icmp eq i32 %11, 0
  br i1 %cmp33, label %if.then34, label %if.else38

if.then34:
  store i32 1, ptr %7, align 8
  store i32 1, ptr %cond, align 8
  store i32 0, ptr %8, align 8
  br label %if.end57

if.else38:
  br i1 %cmp27, label %if.then40, label %if.else48

if.then40:
  %right41 = getelementptr inbounds i8, ptr %7, i64 24
  %12 = load ptr, ptr %right41, align 8
  %cmp42 = icmp eq ptr %x.addr.0116125, %12
  br i1 %cmp42, label %if.then43, label %if.end45

if.then43:
  call void @enzyme_rs.std.rotate_left(ptr %7, ptr %header)
  %13 = load ptr, ptr %parent25, align 8
  br label %if.end45

if.end45:
  %up.0 = phi ptr [ %13, %if.then43 ], [ %7, %if.then40 ]
  %x.addr.1 = phi ptr [ %7, %if.then43 ], [ %x.addr.0116125, %if.then40 ]
  store i32 1, ptr %up.0, align 8
  store i32 0, ptr %8, align 8
  call void @enzyme_rs.std.rotate_right(ptr %8, ptr %header)
  br label %if.end57

if.else48:
  %left49 = getelementptr inbounds i8, ptr %7, i64 16
  %14 = load ptr, ptr %left49, align 8
  %cmp50 = icmp eq ptr %x.addr.0116125, %14
  br i1 %cmp50, label %if.then51, label %if.end53

if.then51:
  call void @enzyme_rs.std.rotate_right(ptr %7, ptr %header)
  %15 = load ptr, ptr %parent25, align 8
  br label %if.end53

if.end53:
  %up.1 = phi ptr [ %15, %if.then51 ], [ %7, %if.else48 ]
  %x.addr.2 = phi ptr [ %7, %if.then51 ], [ %x.addr.0116125, %if.else48 ]
  store i32 1, ptr %up.1, align 8
  store i32 0, ptr %8, align 8
  call void @enzyme_rs.std.rotate_left(ptr %8, ptr %header)
  br label %if.end57

if.end57:
  %x.addr.3 = phi ptr [ %8, %if.then34 ], [ %x.addr.1, %if.end45 ], [ %x.addr.2, %if.end53 ]
  %16 = load ptr, ptr %parent19, align 8
  %cmp20.not = icmp eq ptr %x.addr.3, %16
  br i1 %cmp20.not, label %if.end57.while.end.loopexit_crit_edge, label %land.rhs

if.end57.while.end.loopexit_crit_edge:
  br label %while.end

while.end:
  %.lcssa = phi ptr [ %2, %if.end18 ], [ %16, %if.end57.while.end.loopexit_crit_edge ], [ %2, %land.rhs.preheader ], [ %16, %land.rhs ]
  store i32 1, ptr %.lcssa, align 8
  ret void
}

define void @enzyme_rs.std.hook(ptr %this, ptr %pos) {
entry:
  %prev = getelementptr inbounds i8, ptr %pos, i64 8
  %0 = load ptr, ptr %prev, align 8
  store ptr %pos, ptr %this, align 8
  %prev1 = getelementptr inbounds i8, ptr %this, i64 8
  store ptr %0, ptr %prev1, align 8
  store ptr %this, ptr %0, align 8
  store ptr %this, ptr %prev, align 8
  ret void
}

define void @enzyme_rs.std.unhook(ptr %this) {
entry:
  %0 = load ptr, ptr %this, align 8
  %prev2 = getelementptr inbounds i8, ptr %this, i64 8
  %1 = load ptr, ptr %prev2, align 8
  store ptr %0, ptr %1, align 8
  %prev4 = getelementptr inbounds i8, ptr %0, i64 8
  store ptr %1, ptr %prev4, align 8
  ret void
}

define void @enzyme_rs.std.transfer(ptr %this, ptr %first, ptr %last) {
entry:
  %cmp = icmp eq ptr %this, %last
  br i1 %cmp, label %return, label %if.end

if.end:
  %prev = getelementptr inbounds i8, ptr %last, i64 8
  %0 = load ptr, ptr %prev, align 8
  %prev1 = getelementptr inbounds i8, ptr %first, i64 8
  %1 = load ptr, ptr %prev1, align 8
  %prev2 = getelementptr inbounds i8, ptr %this, i64 8
  %2 = load ptr, ptr %prev2, align 8
  store ptr %last, ptr %1, align 8
  store ptr %1, ptr %prev, align 8
  store ptr %this, ptr %0, align 8
  store ptr %0, ptr %prev2, align 8
  store ptr %2, ptr %prev1, align 8
  store ptr %first, ptr %2, align 8
  br label %return

return:
  ret void
}

;; std::string's memory for `*capacity` characters and a final zero; it grows to twice the old capacity at least.
declare noalias nonnull ptr @_Znwm(i64)

define ptr @enzyme_rs.std.string_create(ptr %this, ptr %capacity, i64 %old) {
entry:
  %asked = load i64, ptr %capacity, align 8
  %twice = shl i64 %old, 1
  %grows = icmp ugt i64 %asked, %old
  %less = icmp ult i64 %asked, %twice
  %round = and i1 %grows, %less
  %given = select i1 %round, i64 %twice, i64 %asked
  store i64 %given, ptr %capacity, align 8
  %bytes = add i64 %given, 1
  %memory = call ptr @_Znwm(i64 %bytes)
  ret ptr %memory
}
