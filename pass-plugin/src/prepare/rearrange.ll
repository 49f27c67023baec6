;; More of what `containers.ll` has: nodes are taken out of trees, lists are exchanged and turned round. Derived likewise.

define void @enzyme_rs.std.swap(ptr %x, ptr %y) {
entry:
  %0 = load ptr, ptr %x, align 8
  %prev = getelementptr inbounds nuw i8, ptr %x, i64 8
  %1 = load ptr, ptr %prev, align 8
  %2 = load ptr, ptr %y, align 8
  %prev2 = getelementptr inbounds nuw i8, ptr %y, i64 8
  %cmp.not = icmp eq ptr %2, %y
  br i1 %cmp.not, label %if.else, label %if.then

if.then:
  %3 = load ptr, ptr %prev2, align 8
  store ptr %2, ptr %x, align 8
  store ptr %3, ptr %prev, align 8
  %prev5 = getelementptr inbounds nuw i8, ptr %2, i64 8
  store ptr %x, ptr %prev5, align 8
  store ptr %x, ptr %3, align 8
  br label %if.end

if.else:
  store ptr %x, ptr %x, align 8
  store ptr %x, ptr %prev, align 8
  br label %if.end

if.end:
  %cmp9.not = icmp eq ptr %0, %x
  br i1 %cmp9.not, label %if.else15, label %if.then10

if.then10:
  store ptr %0, ptr %y, align 8
  store ptr %1, ptr %prev2, align 8
  %prev13 = getelementptr inbounds nuw i8, ptr %0, i64 8
  store ptr %y, ptr %prev13, align 8
  store ptr %y, ptr %1, align 8
  br label %if.end18

if.else15:
  store ptr %y, ptr %y, align 8
  store ptr %y, ptr %prev2, align 8
  br label %if.end18

if.end18:
  ret void
}

define void @enzyme_rs.std.reverse(ptr %head) {
entry:
  br label %do.body

do.body:
  %at.0 = phi ptr [ %head, %entry ], [ %0, %do.body ]
  %0 = load ptr, ptr %at.0, align 8
  %prev = getelementptr inbounds nuw i8, ptr %at.0, i64 8
  %1 = load ptr, ptr %prev, align 8
  store ptr %1, ptr %at.0, align 8
  store ptr %0, ptr %prev, align 8
  %cmp.not = icmp eq ptr %0, %head
  br i1 %cmp.not, label %do.end, label %do.body

do.end:
  ret void
}

define void @enzyme_rs.std.put_in_place(ptr %header, ptr %old, ptr %new) {
entry:
  %up = getelementptr inbounds nuw i8, ptr %header, i64 8
  %0 = load ptr, ptr %up, align 8
  %cmp = icmp eq ptr %0, %old
  br i1 %cmp, label %if.then, label %if.else

if.then:
  store ptr %new, ptr %up, align 8
  br label %if.end9

if.else:
  %up2 = getelementptr inbounds nuw i8, ptr %old, i64 8
  %1 = load ptr, ptr %up2, align 8
  %left = getelementptr inbounds nuw i8, ptr %1, i64 16
  %2 = load ptr, ptr %left, align 8
  %cmp3 = icmp eq ptr %2, %old
  br i1 %cmp3, label %if.then4, label %if.else7

if.then4:
  store ptr %new, ptr %left, align 8
  br label %if.end9

if.else7:
  %right = getelementptr inbounds nuw i8, ptr %1, i64 24
  store ptr %new, ptr %right, align 8
  br label %if.end9

if.end9:
  %tobool.not = icmp eq ptr %new, null
  br i1 %tobool.not, label %if.end13, label %if.then10

if.then10:
  %up11 = getelementptr inbounds nuw i8, ptr %old, i64 8
  %3 = load ptr, ptr %up11, align 8
  %up12 = getelementptr inbounds nuw i8, ptr %new, i64 8
  store ptr %3, ptr %up12, align 8
  br label %if.end13

if.end13:
  ret void
}

define void @enzyme_rs.std.turn_left(ptr %header, ptr %x) {
entry:
  %right = getelementptr inbounds nuw i8, ptr %x, i64 24
  %0 = load ptr, ptr %right, align 8
  %left = getelementptr inbounds nuw i8, ptr %0, i64 16
  %1 = load ptr, ptr %left, align 8
  store ptr %1, ptr %right, align 8
  %2 = load ptr, ptr %left, align 8
  %tobool.not = icmp eq ptr %2, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %up = getelementptr inbounds nuw i8, ptr %2, i64 8
  store ptr %x, ptr %up, align 8
  br label %if.end

if.end:
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr %x, ptr %0)
  store ptr %x, ptr %left, align 8
  %up5 = getelementptr inbounds nuw i8, ptr %x, i64 8
  store ptr %0, ptr %up5, align 8
  ret void
}

define void @enzyme_rs.std.turn_right(ptr %header, ptr %x) {
entry:
  %left = getelementptr inbounds nuw i8, ptr %x, i64 16
  %0 = load ptr, ptr %left, align 8
  %right = getelementptr inbounds nuw i8, ptr %0, i64 24
  %1 = load ptr, ptr %right, align 8
  store ptr %1, ptr %left, align 8
  %2 = load ptr, ptr %right, align 8
  %tobool.not = icmp eq ptr %2, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %up = getelementptr inbounds nuw i8, ptr %2, i64 8
  store ptr %x, ptr %up, align 8
  br label %if.end

if.end:
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr %x, ptr %0)
  store ptr %x, ptr %right, align 8
  %up5 = getelementptr inbounds nuw i8, ptr %x, i64 8
  store ptr %0, ptr %up5, align 8
  ret void
}

define ptr @enzyme_rs.std.erase(ptr %z, ptr %header) {
entry:
  %left = getelementptr inbounds nuw i8, ptr %header, i64 16
  %0 = load ptr, ptr %left, align 8
  %cmp = icmp eq ptr %0, %z
  br i1 %cmp, label %if.then, label %if.end6

if.then:
  %right = getelementptr inbounds nuw i8, ptr %z, i64 24
  %1 = load ptr, ptr %right, align 8
  %tobool.not = icmp eq ptr %1, null
  br i1 %tobool.not, label %if.else, label %while.cond

while.cond:
  %next.0 = phi ptr [ %1, %if.then ], [ %2, %while.cond ]
  %left2 = getelementptr inbounds nuw i8, ptr %next.0, i64 16
  %2 = load ptr, ptr %left2, align 8
  %tobool3.not = icmp eq ptr %2, null
  br i1 %tobool3.not, label %if.end, label %while.cond

if.else:
  %up = getelementptr inbounds nuw i8, ptr %z, i64 8
  %3 = load ptr, ptr %up, align 8
  br label %if.end

if.end:
  %next.1 = phi ptr [ %3, %if.else ], [ %next.0, %while.cond ]
  store ptr %next.1, ptr %left, align 8
  br label %if.end6

if.end6:
  %right7 = getelementptr inbounds nuw i8, ptr %header, i64 24
  %4 = load ptr, ptr %right7, align 8
  %cmp8 = icmp eq ptr %4, %z
  br i1 %cmp8, label %if.then9, label %if.end23

if.then9:
  %left10 = getelementptr inbounds nuw i8, ptr %z, i64 16
  %5 = load ptr, ptr %left10, align 8
  %tobool11.not = icmp eq ptr %5, null
  br i1 %tobool11.not, label %if.else19, label %while.cond13

while.cond13:
  %before.0 = phi ptr [ %5, %if.then9 ], [ %6, %while.cond13 ]
  %right14 = getelementptr inbounds nuw i8, ptr %before.0, i64 24
  %6 = load ptr, ptr %right14, align 8
  %tobool15.not = icmp eq ptr %6, null
  br i1 %tobool15.not, label %if.end21, label %while.cond13

if.else19:
  %up20 = getelementptr inbounds nuw i8, ptr %z, i64 8
  %7 = load ptr, ptr %up20, align 8
  br label %if.end21

if.end21:
  %before.1 = phi ptr [ %7, %if.else19 ], [ %before.0, %while.cond13 ]
  store ptr %before.1, ptr %right7, align 8
  br label %if.end23

if.end23:
  %left24 = getelementptr inbounds nuw i8, ptr %z, i64 16
  %8 = load ptr, ptr %left24, align 8
  %tobool25.not = icmp eq ptr %8, null
  br i1 %tobool25.not, label %if.then26, label %if.else29

if.then26:
  %right27 = getelementptr inbounds nuw i8, ptr %z, i64 24
  %9 = load ptr, ptr %right27, align 8
  %up28 = getelementptr inbounds nuw i8, ptr %z, i64 8
  %10 = load ptr, ptr %up28, align 8
  %11 = load i32, ptr %z, align 8
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr nonnull %z, ptr %9)
  br label %if.end63

if.else29:
  %right30 = getelementptr inbounds nuw i8, ptr %z, i64 24
  %12 = load ptr, ptr %right30, align 8
  %tobool31.not = icmp eq ptr %12, null
  br i1 %tobool31.not, label %if.then32, label %while.cond38

if.then32:
  %up34 = getelementptr inbounds nuw i8, ptr %z, i64 8
  %13 = load ptr, ptr %up34, align 8
  %14 = load i32, ptr %z, align 8
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr nonnull %z, ptr nonnull %8)
  br label %if.end63

while.cond38:
  %y.0 = phi ptr [ %12, %if.else29 ], [ %15, %while.cond38 ]
  %left39 = getelementptr inbounds nuw i8, ptr %y.0, i64 16
  %15 = load ptr, ptr %left39, align 8
  %tobool40.not = icmp eq ptr %15, null
  br i1 %tobool40.not, label %while.end43, label %while.cond38

while.end43:
  %16 = load i32, ptr %y.0, align 8
  %right45 = getelementptr inbounds nuw i8, ptr %y.0, i64 24
  %17 = load ptr, ptr %right45, align 8
  %up46 = getelementptr inbounds nuw i8, ptr %y.0, i64 8
  %18 = load ptr, ptr %up46, align 8
  %cmp47 = icmp eq ptr %18, %z
  br i1 %cmp47, label %if.end55, label %if.else49

if.else49:
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr nonnull %y.0, ptr %17)
  %19 = load ptr, ptr %right30, align 8
  store ptr %19, ptr %right45, align 8
  %up54 = getelementptr inbounds nuw i8, ptr %19, i64 8
  store ptr %y.0, ptr %up54, align 8
  br label %if.end55

if.end55:
  %above.2 = phi ptr [ %18, %if.else49 ], [ %y.0, %while.end43 ]
  call void @enzyme_rs.std.put_in_place(ptr %header, ptr %z, ptr nonnull %y.0)
  %20 = load ptr, ptr %left24, align 8
  store ptr %20, ptr %left39, align 8
  %up59 = getelementptr inbounds nuw i8, ptr %20, i64 8
  store ptr %y.0, ptr %up59, align 8
  %21 = load i32, ptr %z, align 8
  store i32 %21, ptr %y.0, align 8
  br label %if.end63

if.end63:
  %x.0 = phi ptr [ %9, %if.then26 ], [ %17, %if.end55 ], [ %8, %if.then32 ]
  %above.0 = phi ptr [ %10, %if.then26 ], [ %above.2, %if.end55 ], [ %13, %if.then32 ]
  %lost.0 = phi i32 [ %11, %if.then26 ], [ %16, %if.end55 ], [ %14, %if.then32 ]
  %tobool64.not = icmp eq i32 %lost.0, 0
  br i1 %tobool64.not, label %if.end173, label %while.cond66

while.cond66:
  %x.2 = phi ptr [ %x.5, %if.end167 ], [ %x.0, %if.end63 ]
  %above.3 = phi ptr [ %above.5, %if.end167 ], [ %above.0, %if.end63 ]
  %up67 = getelementptr inbounds nuw i8, ptr %header, i64 8
  %22 = load ptr, ptr %up67, align 8
  %cmp68.not = icmp eq ptr %22, %x.2
  br i1 %cmp68.not, label %while.end168, label %land.rhs

land.rhs:
  %tobool69.not = icmp eq ptr %x.2, null
  br i1 %tobool69.not, label %while.body72, label %lor.rhs

lor.rhs:
  %23 = load i32, ptr %x.2, align 8
  %tobool71.not = icmp eq i32 %23, 0
  br i1 %tobool71.not, label %while.end168, label %while.body72

while.body72:
  %left73 = getelementptr inbounds nuw i8, ptr %above.3, i64 16
  %24 = load ptr, ptr %left73, align 8
  %cmp74 = icmp eq ptr %x.2, %24
  br i1 %cmp74, label %if.then75, label %if.else118

if.then75:
  %right76 = getelementptr inbounds nuw i8, ptr %above.3, i64 24
  %25 = load ptr, ptr %right76, align 8
  %26 = load i32, ptr %25, align 8
  %tobool78.not = icmp eq i32 %26, 0
  br i1 %tobool78.not, label %if.then79, label %if.end83

if.then79:
  store i32 1, ptr %25, align 8
  store i32 0, ptr %above.3, align 8
  call void @enzyme_rs.std.turn_left(ptr %header, ptr nonnull %above.3)
  %27 = load ptr, ptr %right76, align 8
  br label %if.end83

if.end83:
  %w.0 = phi ptr [ %25, %if.then75 ], [ %27, %if.then79 ]
  %left84 = getelementptr inbounds nuw i8, ptr %w.0, i64 16
  %28 = load ptr, ptr %left84, align 8
  %tobool85.not = icmp eq ptr %28, null
  br i1 %tobool85.not, label %land.lhs.true, label %lor.lhs.false

lor.lhs.false:
  %29 = load i32, ptr %28, align 8
  %tobool88.not = icmp eq i32 %29, 0
  br i1 %tobool88.not, label %if.else98, label %land.lhs.true

land.lhs.true:
  %right89 = getelementptr inbounds nuw i8, ptr %w.0, i64 24
  %30 = load ptr, ptr %right89, align 8
  %tobool90.not = icmp eq ptr %30, null
  br i1 %tobool90.not, label %if.then95, label %lor.lhs.false91

lor.lhs.false91:
  %31 = load i32, ptr %30, align 8
  %tobool94.not = icmp eq i32 %31, 0
  br i1 %tobool94.not, label %if.else98, label %if.then95

if.then95:
  store i32 0, ptr %w.0, align 8
  %up97 = getelementptr inbounds nuw i8, ptr %above.3, i64 8
  %32 = load ptr, ptr %up97, align 8
  br label %cleanup

if.else98:
  %right99 = getelementptr inbounds nuw i8, ptr %w.0, i64 24
  %33 = load ptr, ptr %right99, align 8
  %tobool100.not = icmp eq ptr %33, null
  br i1 %tobool100.not, label %if.then105, label %lor.lhs.false101

lor.lhs.false101:
  %34 = load i32, ptr %33, align 8
  %tobool104.not = icmp eq i32 %34, 0
  br i1 %tobool104.not, label %if.end110, label %if.then105

if.then105:
  %35 = load ptr, ptr %left84, align 8
  store i32 1, ptr %35, align 8
  store i32 0, ptr %w.0, align 8
  call void @enzyme_rs.std.turn_right(ptr %header, ptr nonnull %w.0)
  %36 = load ptr, ptr %right76, align 8
  br label %if.end110

if.end110:
  %w.1 = phi ptr [ %36, %if.then105 ], [ %w.0, %lor.lhs.false101 ]
  %37 = load i32, ptr %above.3, align 8
  store i32 %37, ptr %w.1, align 8
  store i32 1, ptr %above.3, align 8
  %right114 = getelementptr inbounds nuw i8, ptr %w.1, i64 24
  %38 = load ptr, ptr %right114, align 8
  store i32 1, ptr %38, align 8
  call void @enzyme_rs.std.turn_left(ptr %header, ptr nonnull %above.3)
  %39 = load ptr, ptr %up67, align 8
  br label %cleanup

cleanup:
  %x.4 = phi ptr [ %above.3, %if.then95 ], [ %39, %if.end110 ]
  %above.4 = phi ptr [ %32, %if.then95 ], [ %above.3, %if.end110 ]
  %cleanup.dest.slot.0 = phi i32 [ 0, %if.then95 ], [ 9, %if.end110 ]
  switch i32 %cleanup.dest.slot.0, label %unreachable [
    i32 0, label %if.end167
    i32 9, label %while.end168
  ]

if.else118:
  %40 = load i32, ptr %24, align 8
  %tobool122.not = icmp eq i32 %40, 0
  br i1 %tobool122.not, label %if.then123, label %if.end127

if.then123:
  store i32 1, ptr %24, align 8
  store i32 0, ptr %above.3, align 8
  call void @enzyme_rs.std.turn_right(ptr %header, ptr nonnull %above.3)
  %41 = load ptr, ptr %left73, align 8
  br label %if.end127

if.end127:
  %w119.0 = phi ptr [ %24, %if.else118 ], [ %41, %if.then123 ]
  %right128 = getelementptr inbounds nuw i8, ptr %w119.0, i64 24
  %42 = load ptr, ptr %right128, align 8
  %tobool129.not = icmp eq ptr %42, null
  br i1 %tobool129.not, label %land.lhs.true134, label %lor.lhs.false130

lor.lhs.false130:
  %43 = load i32, ptr %42, align 8
  %tobool133.not = icmp eq i32 %43, 0
  br i1 %tobool133.not, label %if.else144, label %land.lhs.true134

land.lhs.true134:
  %left135 = getelementptr inbounds nuw i8, ptr %w119.0, i64 16
  %44 = load ptr, ptr %left135, align 8
  %tobool136.not = icmp eq ptr %44, null
  br i1 %tobool136.not, label %if.then141, label %lor.lhs.false137

lor.lhs.false137:
  %45 = load i32, ptr %44, align 8
  %tobool140.not = icmp eq i32 %45, 0
  br i1 %tobool140.not, label %if.else144, label %if.then141

if.then141:
  store i32 0, ptr %w119.0, align 8
  %up143 = getelementptr inbounds nuw i8, ptr %above.3, i64 8
  %46 = load ptr, ptr %up143, align 8
  br label %cleanup164

if.else144:
  %left145 = getelementptr inbounds nuw i8, ptr %w119.0, i64 16
  %47 = load ptr, ptr %left145, align 8
  %tobool146.not = icmp eq ptr %47, null
  br i1 %tobool146.not, label %if.then151, label %lor.lhs.false147

lor.lhs.false147:
  %48 = load i32, ptr %47, align 8
  %tobool150.not = icmp eq i32 %48, 0
  br i1 %tobool150.not, label %if.end156, label %if.then151

if.then151:
  %49 = load ptr, ptr %right128, align 8
  store i32 1, ptr %49, align 8
  store i32 0, ptr %w119.0, align 8
  call void @enzyme_rs.std.turn_left(ptr %header, ptr nonnull %w119.0)
  %50 = load ptr, ptr %left73, align 8
  br label %if.end156

if.end156:
  %w119.1 = phi ptr [ %50, %if.then151 ], [ %w119.0, %lor.lhs.false147 ]
  %51 = load i32, ptr %above.3, align 8
  store i32 %51, ptr %w119.1, align 8
  store i32 1, ptr %above.3, align 8
  %left160 = getelementptr inbounds nuw i8, ptr %w119.1, i64 16
  %52 = load ptr, ptr %left160, align 8
  store i32 1, ptr %52, align 8
  call void @enzyme_rs.std.turn_right(ptr %header, ptr nonnull %above.3)
  %53 = load ptr, ptr %up67, align 8
  br label %cleanup164

cleanup164:
  %x.6 = phi ptr [ %above.3, %if.then141 ], [ %53, %if.end156 ]
  %above.6 = phi ptr [ %46, %if.then141 ], [ %above.3, %if.end156 ]
  %cleanup.dest.slot.1 = phi i32 [ 0, %if.then141 ], [ 9, %if.end156 ]
  switch i32 %cleanup.dest.slot.1, label %unreachable [
    i32 0, label %if.end167
    i32 9, label %while.end168
  ]

if.end167:
  %x.5 = phi ptr [ %x.4, %cleanup ], [ %x.6, %cleanup164 ]
  %above.5 = phi ptr [ %above.4, %cleanup ], [ %above.6, %cleanup164 ]
  br label %while.cond66

while.end168:
  %x.3 = phi ptr [ %x.4, %cleanup ], [ %x.6, %cleanup164 ], [ %x.2, %lor.rhs ], [ %x.2, %while.cond66 ]
  %tobool169.not = icmp eq ptr %x.3, null
  br i1 %tobool169.not, label %if.end173, label %if.then170

if.then170:
  store i32 1, ptr %x.3, align 8
  br label %if.end173

if.end173:
  ret ptr %z

unreachable:
  unreachable
}

