; What rustc 1.97 (nightly) wrote for two derivatives at -O0, without the functions around.
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"
target triple = "x86_64-unknown-linux-gnu"

@enzyme_rs_types = external global i8
@enzyme_dup = external global i8
@enzyme_const = external global i8

@alloc_c07b4433bce1ada21d6b90643faae520 = private unnamed_addr constant <{ [16 x i8], ptr, [24 x i8], ptr, [8 x i8], ptr, [16 x i8] }> <{ [16 x i8] c"SRNE\00\00\00\00\02\00\00\00\00\00\00\00", ptr @alloc_f5ffd2fd1476bab43ad89fb40c72d0c5, [24 x i8] c"\0A\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00", ptr @alloc_414c6874cff6a38d1738626d4c187b7f, [8 x i8] c"\04\00\00\00\00\00\00\00", ptr @alloc_9c33aeaff2cc62ae3748e04ebe07d72e, [16 x i8] c"\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00" }>, align 8
@alloc_98603c766f1ba88e8e4019c1086d8b32 = private unnamed_addr constant <{ [16 x i8], ptr, [24 x i8], ptr, [8 x i8], ptr, [8 x i8], ptr }> <{ [16 x i8] c"SRNE\00\00\00\00\02\00\00\00\00\00\00\00", ptr @alloc_f5ffd2fd1476bab43ad89fb40c72d0c5, [24 x i8] c"\0A\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00", ptr @alloc_2a24d5760a4c34058960e121e35c7201, [8 x i8] c"\05\00\00\00\00\00\00\00", ptr @alloc_946d4d705f26b5b06851132d13730e7d, [8 x i8] c"\02\00\00\00\00\00\00\00", ptr @alloc_3cf589e48a3d3a491131b941fbce321b }>, align 8
@alloc_f5ffd2fd1476bab43ad89fb40c72d0c5 = private unnamed_addr constant [10 x i8] c"src/lib.rs", align 1
@alloc_414c6874cff6a38d1738626d4c187b7f = private unnamed_addr constant [4 x i8] c"copy", align 1
@alloc_9c33aeaff2cc62ae3748e04ebe07d72e = private unnamed_addr constant <{ ptr, [8 x i8], ptr, [16 x i8], ptr, [8 x i8], ptr, [16 x i8] }> <{ ptr @alloc_37f62a15fae368a2423b3a16c75adcc9, [8 x i8] c"\01\00\00\00\00\00\00\00", ptr @alloc_8cc7ccbce21843cc096bc3c7a7ce88fd, [16 x i8] c"\10\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00", ptr @alloc_cd51bc84b49b21a3fdb2800731f25c21, [8 x i8] c"\01\00\00\00\00\00\00\00", ptr @alloc_d43f2b5016c31b952440894e9e3ee8c2, [16 x i8] c"\10\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00" }>, align 8
@alloc_2a24d5760a4c34058960e121e35c7201 = private unnamed_addr constant [5 x i8] c"shape", align 1
@alloc_946d4d705f26b5b06851132d13730e7d = private unnamed_addr constant <{ ptr, [8 x i8], ptr, [16 x i8], ptr, [8 x i8], ptr, [16 x i8] }> <{ ptr @alloc_070ca2e2ae6721b8fbf222c3a28fff78, [8 x i8] c"\01\00\00\00\00\00\00\00", ptr @alloc_4d6e2bae7057ea661cda07813db7c80f, [16 x i8] c"\08\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00", ptr @alloc_e09e9ac7227dea4ed31edb4bbc3d6adf, [8 x i8] c"\01\00\00\00\00\00\00\00", ptr @alloc_711b357ff4c6b9f0bcf822cd639e738d, [16 x i8] c"\08\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00" }>, align 8
@alloc_3cf589e48a3d3a491131b941fbce321b = private unnamed_addr constant <{ ptr, [8 x i8], ptr, [16 x i8] }> <{ ptr @alloc_50229b0cc34f32bc323706c1c8e47205, [8 x i8] c"\06\00\00\00\00\00\00\00", ptr @alloc_81a6542ae76bc5080bd24d1cbc2ef2f2, [16 x i8] c"\08\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00" }>, align 8
@alloc_37f62a15fae368a2423b3a16c75adcc9 = private unnamed_addr constant [1 x i8] c"x", align 1
@alloc_8cc7ccbce21843cc096bc3c7a7ce88fd = private unnamed_addr constant <{ [24 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\03\00\00\00\00\00\00\00\10\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_90406cad91539dd86ffc765a92ace5f1, [16 x i8] c"\01\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00", ptr @_RNvYdNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_cd51bc84b49b21a3fdb2800731f25c21 = private unnamed_addr constant [1 x i8] c"y", align 1
@alloc_d43f2b5016c31b952440894e9e3ee8c2 = private unnamed_addr constant <{ [24 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\03\00\00\00\00\00\00\00\10\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_eab175c9591a97903ec61e022821eb5a, [16 x i8] c"\04\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00", ptr @_RNvYdNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_070ca2e2ae6721b8fbf222c3a28fff78 = private unnamed_addr constant [1 x i8] c"t", align 1
@alloc_4d6e2bae7057ea661cda07813db7c80f = private unnamed_addr constant <{ [24 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\03\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_90406cad91539dd86ffc765a92ace5f1, [16 x i8] c"\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00", ptr @_RNvYTdAfj3_INtNtCsbEht8wFNRx7_5alloc5boxed3BoxShEENtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_e09e9ac7227dea4ed31edb4bbc3d6adf = private unnamed_addr constant [1 x i8] c"n", align 1
@alloc_711b357ff4c6b9f0bcf822cd639e738d = private unnamed_addr constant <{ [24 x i8], ptr, [40 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\01\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_087073340adf6d09480d7739d2e7638d, [40 x i8] c"\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_50229b0cc34f32bc323706c1c8e47205 = private unnamed_addr constant [6 x i8] c"result", align 1
@alloc_81a6542ae76bc5080bd24d1cbc2ef2f2 = private unnamed_addr constant <{ [24 x i8], ptr, [40 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\02\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_2717017e1ae813f478f43d8b0722e846, [40 x i8] c"\03\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_90406cad91539dd86ffc765a92ace5f1 = private unnamed_addr constant [1 x i8] c"&", align 1
@alloc_eab175c9591a97903ec61e022821eb5a = private unnamed_addr constant [4 x i8] c"&mut", align 1
@alloc_087073340adf6d09480d7739d2e7638d = private unnamed_addr constant [5 x i8] c"usize", align 1
@alloc_2717017e1ae813f478f43d8b0722e846 = private unnamed_addr constant [3 x i8] c"f64", align 1
@alloc_1fa52150f2a81e5f9c40951e4fb1d3d3 = private unnamed_addr constant <{ [24 x i8], ptr, [40 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\05\00\00\00\00\00\00\00(\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_7121d07cda6e725176fa53399b7271f9, [40 x i8] c"\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr @alloc_3c064b8fab4d38ec425c878b1f0362a1, [16 x i8] c"\03\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_7121d07cda6e725176fa53399b7271f9 = private unnamed_addr constant [5 x i8] c"tuple", align 1
@alloc_3c064b8fab4d38ec425c878b1f0362a1 = private unnamed_addr constant <{ ptr, [16 x i8], ptr, [8 x i8], ptr, [16 x i8], ptr, [8 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ ptr @alloc_dda1ee2b88b89b9cdac753eef7988035, [16 x i8] c"\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr @_RNvYdNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [8 x i8] zeroinitializer, ptr @alloc_26f643e647dbf77f42e670b3488e8932, [16 x i8] c"\01\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @_RNvYAfj3_NtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [8 x i8] zeroinitializer, ptr @alloc_2915479852334936e8130753f7743db9, [16 x i8] c"\01\00\00\00\00\00\00\00\18\00\00\00\00\00\00\00", ptr @_RNvYINtNtCsbEht8wFNRx7_5alloc5boxed3BoxShENtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [8 x i8] zeroinitializer }>, align 8
@alloc_dda1ee2b88b89b9cdac753eef7988035 = private unnamed_addr constant [1 x i8] c"0", align 1
@alloc_26f643e647dbf77f42e670b3488e8932 = private unnamed_addr constant [1 x i8] c"1", align 1
@alloc_2915479852334936e8130753f7743db9 = private unnamed_addr constant [1 x i8] c"2", align 1
@alloc_833da3c8c53ca06a4eb41a7dbc29d3d1 = private unnamed_addr constant <{ [24 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\04\00\00\00\00\00\00\00\0C\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00", ptr @alloc_ba91c45d1b9c2f43549e0d99b960afbe, [16 x i8] c"\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr @_RNvYfNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [16 x i8] c"\04\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_d65c0d6f483e819f39bcb3b8ced8f7c1 = private unnamed_addr constant <{ [24 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\03\00\00\00\00\00\00\00\10\00\00\00\00\00\00\00\08\00\00\00\00\00\00\00", ptr @alloc_9d27548e61f6a42a9368c69b155a5691, [16 x i8] c"\03\00\00\00\00\00\00\00\02\00\00\00\00\00\00\00", ptr @_RNvYhNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt, [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_ba91c45d1b9c2f43549e0d99b960afbe = private unnamed_addr constant [5 x i8] c"array", align 1
@alloc_9d27548e61f6a42a9368c69b155a5691 = private unnamed_addr constant [3 x i8] c"Box", align 1
@alloc_41c832d5a9afbc154cbf33720c2f71be = private unnamed_addr constant <{ [24 x i8], ptr, [40 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\02\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00\04\00\00\00\00\00\00\00", ptr @alloc_c8dbd11c0d0afd7250de135d09c6bf30, [40 x i8] c"\03\00\00\00\00\00\00\00\03\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_8d89069ae612af4f281c51a339e13304 = private unnamed_addr constant <{ [24 x i8], ptr, [40 x i8], ptr, [16 x i8], ptr, [8 x i8] }> <{ [24 x i8] c"\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00\01\00\00\00\00\00\00\00", ptr @alloc_df66aaff7dc04933728ad5e7db359d0f, [40 x i8] c"\02\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00", ptr inttoptr (i64 8 to ptr), [16 x i8] zeroinitializer, ptr inttoptr (i64 8 to ptr), [8 x i8] zeroinitializer }>, align 8
@alloc_c8dbd11c0d0afd7250de135d09c6bf30 = private unnamed_addr constant [3 x i8] c"f32", align 1
@alloc_df66aaff7dc04933728ad5e7db359d0f = private unnamed_addr constant [2 x i8] c"u8", align 1

define internal ptr @_RNvYdNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_81a6542ae76bc5080bd24d1cbc2ef2f2
}

define internal ptr @_RNvYTdAfj3_INtNtCsbEht8wFNRx7_5alloc5boxed3BoxShEENtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_1fa52150f2a81e5f9c40951e4fb1d3d3
}

define internal ptr @_RNvYAfj3_NtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_833da3c8c53ca06a4eb41a7dbc29d3d1
}

define internal ptr @_RNvYINtNtCsbEht8wFNRx7_5alloc5boxed3BoxShENtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_d65c0d6f483e819f39bcb3b8ced8f7c1
}

define internal ptr @_RNvYfNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_41c832d5a9afbc154cbf33720c2f71be
}

define internal ptr @_RNvYhNtNtCskv4U1ohnpro_13enzyme_marker4tree8TypeTree4nodeCs6217xtt5rJ2_2tt() {
  ret ptr @alloc_8d89069ae612af4f281c51a339e13304
}

define void @copy(ptr, ptr) {
  ret void
}

define void @d_copy(ptr %p0, ptr %p1, ptr %s0_0, ptr %s1_0) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @copy, ptr @enzyme_rs_types, ptr @alloc_c07b4433bce1ada21d6b90643faae520, ptr @enzyme_dup, ptr %p0, ptr %s0_0, ptr @enzyme_dup, ptr %p1, ptr %s1_0)
  ret void
}

define void @shape(ptr, ptr, ptr) {
  ret void
}

define void @d_shape(ptr %dr, ptr %p0, ptr %p1, ptr %r, ptr %s0_0) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @shape, ptr @enzyme_rs_types, ptr @alloc_98603c766f1ba88e8e4019c1086d8b32, ptr @enzyme_dup, ptr %p0, ptr %s0_0, ptr @enzyme_const, ptr %p1, ptr @enzyme_dup, ptr %r, ptr %dr)
  ret void
}

declare void @__enzyme_autodiff(ptr, ...)
