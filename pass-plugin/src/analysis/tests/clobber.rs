//! Loads that can be redone later.

use super::{CONST, DUP, Subject, reverse};
use crate::marker::request::{ArgActivity, Mode, RetActivity, Signature};

fn nothing_returned(args: &[ArgActivity]) -> Signature {
    Signature {
        ret: RetActivity::Const,
        ..reverse(args)
    }
}

/// A loop that reads one slice and writes another, with what is said of their scopes: `DECLARE-OUTSIDE`,
/// `DECLARE-INSIDE`, `READS` and `WRITES` are replaced.
const SLICES: &str = "
declare void @llvm.experimental.noalias.scope.decl(metadata)
define void @f(ptr %p, ptr %q, i64 %n) {
entry:
  DECLARE-OUTSIDE
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  DECLARE-INSIDE
  %from = getelementptr double, ptr %p, i64 %i
  %x = load double, ptr %from READS
  %y = fmul double %x, %x
  %to = getelementptr double, ptr %q, i64 %i
  store double %y, ptr %to WRITES
  %next = add i64 %i, 1
  %go = icmp ult i64 %next, %n
  br i1 %go, label %loop, label %exit
exit:
  ret void
}
!0 = distinct !{!0}
!1 = distinct !{!1, !0}
!2 = distinct !{!2, !0}
!3 = !{!1}
!4 = !{!2}
";
const DECLARE: &str = "call void @llvm.experimental.noalias.scope.decl(metadata !3)
  call void @llvm.experimental.noalias.scope.decl(metadata !4)";
const OF_FIRST: &str = ", !alias.scope !3, !noalias !4";
const OF_SECOND: &str = ", !alias.scope !4, !noalias !3";

fn slices(outside: &str, inside: &str, reads: &str, writes: &str) -> Subject {
    let text = SLICES
        .replace("DECLARE-OUTSIDE", outside)
        .replace("DECLARE-INSIDE", inside)
        .replace("READS", reads)
        .replace("WRITES", writes);
    Subject::new(&text)
}

fn slices_are_stable(outside: &str, inside: &str, reads: &str, writes: &str) -> bool {
    let it = slices(outside, inside, reads, writes);
    it.facts(nothing_returned(&[DUP, DUP, CONST]))
        .is_stable("x")
}

#[test]
fn a_slice_of_another_scope_than_the_written_one_is_stable() {
    assert!(slices_are_stable(DECLARE, "", OF_FIRST, OF_SECOND));
}

#[test]
fn one_direction_of_the_metadata_is_enough() {
    let writes = ", !alias.scope !4";
    let reads = ", !noalias !4";
    assert!(slices_are_stable(DECLARE, "", reads, writes));
    assert!(slices_are_stable(
        DECLARE,
        "",
        ", !alias.scope !3",
        ", !noalias !3"
    ));
}

#[test]
fn without_scopes_the_other_slice_may_be_the_same() {
    assert!(!slices_are_stable("", "", "", ""));
    assert!(!slices_are_stable(DECLARE, "", OF_FIRST, ""));
    // Being in the same scope says nothing.
    assert!(!slices_are_stable(DECLARE, "", OF_FIRST, OF_FIRST));
}

#[test]
fn a_scope_that_is_declared_in_the_loop_is_good_for_one_iteration() {
    assert!(!slices_are_stable("", DECLARE, OF_FIRST, OF_SECOND));
}

#[test]
fn a_scope_without_a_declaration_is_not_believed_in_a_loop() {
    assert!(!slices_are_stable("", "", OF_FIRST, OF_SECOND));
}

#[test]
fn distinct_arguments_do_not_write_each_other() {
    let it = slices("", "", "", "");
    let sig = |distinct_args| Signature {
        distinct_args,
        ..nothing_returned(&[DUP, DUP, CONST])
    };
    assert!(it.facts(sig(true)).is_stable("x"));
    assert!(!it.facts(sig(false)).is_stable("x"));
}

const ONE_LOAD: &str = "
define double @f(ptr noalias %p, ptr noalias %q) {
  %x = load double, ptr %p
  %y = load double, ptr %q
  %z = fmul double %x, %y
  ret double %z
}
";

#[test]
fn in_split_mode_only_stable_arguments_keep_their_memory() {
    let it = Subject::new(ONE_LOAD);
    let split = |stable: [bool; 2]| Signature {
        mode: Mode::ReverseSplit,
        stable_args: stable.to_vec(),
        ..reverse(&[DUP, DUP])
    };
    for stable in [[false, false], [true, false], [false, true], [true, true]] {
        let facts = it.facts(split(stable));
        let found = [facts.is_stable("x"), facts.is_stable("y")];
        assert_eq!(found, stable);
    }
    let facts = it.facts(reverse(&[DUP, DUP]));
    assert!(facts.is_stable("x") && facts.is_stable("y"));
}

#[test]
fn in_split_mode_the_functions_own_memory_stays() {
    let it = Subject::new(
        "@table = private constant [8 x double] [double 1.0, double 2.0, double 3.0, double 4.0,
          double 5.0, double 6.0, double 7.0, double 8.0]
        declare noalias ptr @malloc(i64)
        define double @f(double %k, i64 %i, i64 %j) {
          %own = call ptr @malloc(i64 800)
          %to = getelementptr double, ptr %own, i64 %i
          store double %k, ptr %to
          %from = getelementptr double, ptr %own, i64 %j
          %x = load double, ptr %from
          %entry = getelementptr double, ptr @table, i64 %i
          %y = load double, ptr %entry
          %z = fmul double %x, %y
          ret double %z
        }",
    );
    let facts = it.facts(Signature {
        mode: Mode::ReverseSplit,
        stable_args: vec![false; 3],
        ..reverse(&[CONST; 3])
    });
    assert!(facts.is_stable("x") && facts.is_stable("y"));
}

#[test]
fn only_later_writes_to_the_same_bytes_count() {
    let it = Subject::new(
        "declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
        define double @f(ptr noalias %p, ptr noalias %q, i64 %n) {
          %second = getelementptr i8, ptr %p, i64 8
          %third = getelementptr i8, ptr %p, i64 16
          call void @llvm.memcpy.p0.p0.i64(ptr %third, ptr %q, i64 %n, i1 false)
          %a = load double, ptr %p
          %b = load double, ptr %second
          %c = load double, ptr %third
          %ab = fmul double %a, %b
          %abc = fmul double %ab, %c
          store double %abc, ptr %second
          ret double %abc
        }",
    );
    let facts = it.facts(reverse(&[DUP, DUP, CONST]));
    assert!(facts.is_stable("a"), "the write is beside it in\n{it}");
    assert!(!facts.is_stable("b"), "the write is after it in\n{it}");
    assert!(facts.is_stable("c"), "the write is before it in\n{it}");
}

#[test]
fn a_write_of_the_next_iteration_is_later() {
    let it = Subject::new(
        "define double @f(ptr noalias %p, i64 %n, i64 %j) {
        entry:
          %fixed = getelementptr inbounds { double, double, double }, ptr %p, i64 %j, i32 0
          br label %loop
        loop:
          %i = phi i64 [ 0, %entry ], [ %next, %loop ]
          %sum = phi double [ 0.0, %entry ], [ %z, %loop ]
          %real = getelementptr inbounds { double, double, double }, ptr %p, i64 %i, i32 0
          %imag = getelementptr inbounds { double, double, double }, ptr %p, i64 %i, i32 1
          %next = add i64 %i, 1
          store double 1.0, ptr %fixed
          %x = load double, ptr %real
          %y = load double, ptr %imag
          %xy = fmul double %x, %y
          %z = fadd double %sum, %xy
          %go = icmp ult i64 %next, %n
          br i1 %go, label %loop, label %exit
        exit:
          ret double %z
        }",
    );
    let facts = it.facts(reverse(&[DUP, CONST, CONST]));
    assert!(!facts.is_stable("x"));
    assert!(facts.is_stable("y"), "another field is written in\n{it}");
}

#[test]
fn unknown_callees_write_what_they_reach_and_frees_write_nothing() {
    let it = Subject::new(
        "declare void @known_to_nobody(ptr)
        declare void @free(ptr)
        define double @f(ptr noalias %p, ptr noalias %q, ptr noalias %r) {
          %x = load double, ptr %p
          %y = load double, ptr %q
          %z = load double, ptr %r
          %xy = fmul double %x, %y
          %xyz = fmul double %xy, %z
          call void @known_to_nobody(ptr %p)
          call void @free(ptr %q)
          ret double %xyz
        }",
    );
    let facts = it.facts(reverse(&[DUP, DUP, DUP]));
    assert!(!facts.is_stable("x"));
    assert!(facts.is_stable("y") && facts.is_stable("z"), "{it}");
}
