//! Which uses contradict a type tree, and which only look as if they did.

use std::rc::Rc;

use super::Subject;
use crate::analysis::cells::{Class, TypeTree};
use crate::analysis::contradiction::{Contradiction, Place, Places};
use crate::ir::FloatKind;

const F64: Class = Class::Float(FloatKind::F64);
const F32: Class = Class::Float(FloatKind::F32);

fn tree(step: u64, cells: &[(i64, Class)]) -> TypeTree {
    TypeTree {
        complete: true,
        step,
        cells: cells
            .iter()
            .map(|(at, class)| (*at, *class, None))
            .collect(),
        ..TypeTree::default()
    }
}

/// A pointer and a length.
fn slice(of: TypeTree) -> TypeTree {
    TypeTree {
        cells: vec![(0, Class::Ptr, Some(Box::new(of))), (8, Class::Int, None)],
        ..tree(0, &[])
    }
}

/// Looks at `@f`, whose first parameter has this tree.
fn found(body: &str, tree: &TypeTree, carries: bool) -> Option<Contradiction> {
    let it = Subject::new(body);
    let cells = it.cells_with(&[Some(tree.clone())], &Default::default());
    let starts = [Some(Place::of(0, tree))];
    Places::find(it.body(), &cells, &starts).contradiction(&|_| carries)
}

/// A function that does this with its argument `%p`.
fn function(what: &str) -> String {
    format!("define void @f(ptr %p, ptr %o, i64 %n, i1 %c) {{\n{what}\n  ret void\n}}\n")
}

fn squared(ty: &str, at: u64) -> String {
    function(&format!(
        "  %q = getelementptr i8, ptr %p, i64 {at}\n  %x = load {ty}, ptr %q\n  %y = fmul {ty} %x, %x\n  store {ty} %y, ptr %o"
    ))
}

#[track_caller]
fn assert_contradicts(body: &str, tree: &TypeTree, expected: (i64, Class, Class)) {
    let found = found(body, tree, true).unwrap_or_else(|| panic!("accepted: {body}"));
    assert_eq!((found.byte, found.told, found.used), expected);
}

#[track_caller]
fn assert_agrees(body: &str, tree: &TypeTree) {
    assert_eq!(found(body, tree, true), None, "{body}");
}

#[test]
fn a_float_where_the_tree_has_something_else() {
    for told in [Class::Int, Class::Ptr, F32] {
        let tree = tree(0, &[(0, F64), (8, told)]);
        assert_contradicts(&squared("double", 8), &tree, (8, told, F64));
        assert_agrees(&squared("double", 0), &tree);
    }
    assert_contradicts(&squared("float", 8), &tree(0, &[(8, F64)]), (8, F64, F32));
}

#[test]
fn an_address_where_the_tree_has_something_else() {
    let body = function(
        "  %a = load ptr, ptr %p\n  %q = getelementptr i8, ptr %a, i64 8\n  %x = load i64, ptr %q\n  store i64 %x, ptr %o",
    );
    assert_contradicts(&body, &tree(0, &[(0, F64)]), (0, F64, Class::Ptr));
    assert_contradicts(
        &body,
        &tree(0, &[(0, Class::Int)]),
        (0, Class::Int, Class::Ptr),
    );
    // It is only moved.
    let moved = function("  %a = load ptr, ptr %p\n  store ptr %a, ptr %o");
    assert_agrees(&moved, &tree(0, &[(0, F64)]));
}

#[test]
fn integers_that_are_constant_may_be_the_bits_of_floats() {
    let tree = tree(0, &[(0, Class::Int)]);
    assert!(found(&squared("double", 0), &tree, true).is_some());
    assert_eq!(found(&squared("double", 0), &tree, false), None);
}

#[test]
fn what_several_variants_or_nothing_may_be_is_open() {
    for told in [
        Class::Unknown,
        Class::IntOrFloat(FloatKind::F64),
        Class::PtrOrFloat,
        Class::Conflict,
    ] {
        assert_agrees(&squared("double", 0), &tree(0, &[(0, told)]));
    }
    // Padding, and what lies behind the end.
    assert_agrees(
        &squared("double", 8),
        &tree(0, &[(0, Class::Int), (16, Class::Int)]),
    );
}

#[test]
fn words_that_are_moved_are_no_evidence() {
    let tree = tree(4, &[(0, F32)]);
    for ty in ["i64", "double", "<2 x i32>", "ptr"] {
        let body = function(&format!(
            "  %w = load {ty}, ptr %p\n  store {ty} %w, ptr %o"
        ));
        assert_agrees(&body, &tree);
    }
    let zero = function("  store double 0.0, ptr %p\n  store i64 0, ptr %o");
    assert_agrees(&zero, &tree);
}

#[test]
fn memory_that_is_written_may_be_used_again_for_something_else() {
    // As of a vector that is collected in place.
    let body = function(
        "  %x = load double, ptr %p\n  %k = fptosi double %x to i64\n  store i64 %k, ptr %p\n  %y = load float, ptr %p\n  \
         %z = fmul float %y, %y\n  store float %z, ptr %o",
    );
    assert_agrees(&body, &tree(0, &[(0, F64)]));
}

#[test]
fn bytes_are_storage_for_anything() {
    for tree in [
        tree(1, &[(0, Class::Int)]),
        tree(0, &[0, 1, 2, 3, 4, 5, 6, 7].map(|at| (at, Class::Int))),
    ] {
        assert_agrees(&squared("double", 0), &tree);
    }
}

#[test]
fn lanes_beside_the_right_one_do_not_count() {
    let body = function(
        "  %v = load <2 x double>, ptr %p\n  %x = extractelement <2 x double> %v, i64 0\n  %y = fmul double %x, %x\n  \
         store double %y, ptr %o",
    );
    assert_agrees(&body, &tree(0, &[(0, F64), (8, Class::Int)]));
    assert!(found(&body, &tree(8, &[(0, Class::Int)]), true).is_some());
}

const LOOP: &str = "
define void @f(ptr %p, ptr %o) {
entry:
  %data = load ptr, ptr %p
  %end = getelementptr i8, ptr %data, i64 80
  br label %loop
loop:
  %at = phi ptr [ %data, %entry ], [ %next, %loop ]
  %sum = phi double [ 0.0, %entry ], [ %more, %loop ]
  %x = load double, ptr %at
  %y = fmul double %x, %x
  %more = fadd double %sum, %y
  %next = getelementptr i8, ptr %at, i64 STEP
  %done = icmp eq ptr %next, %end
  br i1 %done, label %exit, label %loop
exit:
  store double %more, ptr %o
  ret void
}
";

#[test]
fn a_walk_over_elements_stays_in_their_fields() {
    let pairs = LOOP.replace("STEP", "16");
    let wrong = slice(tree(16, &[(0, Class::Ptr), (8, F64)]));
    let found = found(&pairs, &wrong, true).expect("a contradiction");
    assert_eq!((found.byte, found.through), (0, vec![0]));
    assert_agrees(&pairs, &slice(tree(16, &[(0, F64), (8, Class::Ptr)])));
    // Where the step leads to fields of both kinds, each of them may be meant.
    let words = LOOP.replace("STEP", "8");
    assert_agrees(&words, &slice(tree(16, &[(0, F64), (8, Class::Int)])));
    assert!(self::found(&words, &slice(tree(8, &[(0, Class::Int)])), true).is_some());
}

#[test]
fn raw_pointers_promise_nothing() {
    let raw = TypeTree {
        raw: true,
        ..tree(8, &[(0, Class::Int)])
    };
    assert_agrees(&LOOP.replace("STEP", "8"), &slice(raw));
}

#[test]
fn one_of_two_arguments_is_neither() {
    let body = function(
        "  %q = select i1 %c, ptr %p, ptr %o\n  %x = load double, ptr %q\n  %y = fmul double %x, %x\n  \
         %b = fcmp olt double %y, 1.0\n  %m = select i1 %b, double %y, double 1.0\n  %k = fptosi double %m to i64\n  \
         call void @llvm.assume(i1 %b)",
    );
    let body = format!("declare void @llvm.assume(i1)\n{body}");
    assert_agrees(&body, &tree(0, &[(0, Class::Int)]));
}

#[test]
fn callees_are_given_the_places() {
    let it = Subject::new(
        "define internal void @g(ptr %q, i64 %n) noinline { ret void }
        define void @f(ptr %p, ptr %o) {
          %q = getelementptr i8, ptr %p, i64 8
          %data = load ptr, ptr %q
          call void @g(ptr %data, i64 1)
          ret void
        }",
    );
    let told = TypeTree {
        cells: vec![(8, Class::Ptr, Some(Box::new(tree(8, &[(0, F64)]))))],
        ..tree(0, &[])
    };
    let summaries = [("g", Rc::default())].into_iter().collect();
    let cells = it.cells_with(&[Some(told.clone())], &summaries);
    let starts = [Some(Place::of(0, &told))];
    let places = Places::find(it.body(), &cells, &starts);
    let passed: Vec<_> = places.passed_on().into_iter().collect();
    let [(name, given)] = &passed[..] else {
        panic!("{passed:?}");
    };
    let place = given[0].as_ref().expect("a place");
    assert_eq!(*name, "g");
    assert_eq!((place.param, &place.through[..]), (0, &[8][..]));
    assert_eq!(given[1], None);
}
