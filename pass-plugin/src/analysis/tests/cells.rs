//! Classes of bytes, origins of pointers, and what calls do to both.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Subject;
use crate::analysis::cells::{Cells, Class, MemLayout, Root, TypeTree};
use crate::analysis::offset::Offset;
use crate::analysis::summary::Summary;
use crate::ir::FloatKind;

const F64: Class = Class::Float(FloatKind::F64);

/// Memory of one scalar, as a type tree of the marker tells it.
fn scalar(class: Class) -> Option<TypeTree> {
    Some(TypeTree {
        weak: false,
        complete: false,
        step: 0,
        cells: vec![(0, class, None)],
        ..TypeTree::default()
    })
}

fn layout(it: &Subject, cells: &Cells, pointer: &str) -> MemLayout {
    cells.memory(it.v(pointer), None, 1)
}

fn classes(it: &Subject, cells: &Cells, value: &str) -> Vec<(u64, Class)> {
    cells.value(it.v(value)).collect()
}

fn same_node(it: &Subject, cells: &Cells, a: &str, b: &str) -> bool {
    let node = |name: &str| cells.target(it.v(name), 0).expect("a target").0;
    node(a) == node(b)
}

const PAIRS: &str = "
define double @f(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %sum = phi double [ 0.0, %entry ], [ %more, %loop ]
  %first = getelementptr inbounds { double, i64 }, ptr %p, i64 %i
  %x = load double, ptr %first
  %second = getelementptr inbounds { double, i64 }, ptr %p, i64 %i, i32 1
  %k = load i64, ptr %second
  %float = sitofp i64 %k to double
  %product = fmul double %x, %float
  %more = fadd double %sum, %product
  %next = add i64 %i, 1
  %go = icmp ult i64 %next, %n
  br i1 %go, label %loop, label %exit
exit:
  ret double %more
}
";

#[test]
fn an_array_of_pairs_repeats_with_the_pairs_size() {
    let it = Subject::new(PAIRS);
    let cells = it.cells();
    let pair = MemLayout {
        step: 16,
        cells: vec![(0, F64), (8, Class::Int)],
        narrow: false,
    };
    assert_eq!(layout(&it, &cells, "p"), pair);
    let (_, at) = cells.target(it.v("second"), 0).unwrap();
    assert_eq!(
        at,
        Offset {
            at: 8,
            step: 16,
            inner: 0
        }
    );
    let from_second = MemLayout {
        step: 16,
        cells: vec![(0, Class::Int), (8, F64)],
        narrow: false,
    };
    assert_eq!(layout(&it, &cells, "second"), from_second);
}

#[test]
fn a_dangling_pointer_comes_from_nowhere() {
    // Rust's `Vec`: no memory while it is empty, and its pointer is then the alignment.
    let it = Subject::new(
        "declare noalias ptr @malloc(i64)
        declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
        define double @f(ptr %out, i64 %n, i64 %at) {
        entry:
          %empty = icmp eq i64 %n, 0
          br i1 %empty, label %done, label %fill
        fill:
          %m = call ptr @malloc(i64 %n)
          store volatile double 1.0, ptr %m
          %word = ptrtoint ptr %m to i64
          br label %done
        done:
          %data = phi i64 [ 8, %entry ], [ %word, %fill ]
          %q = inttoptr i64 %data to ptr
          %slot = getelementptr double, ptr %q, i64 %at
          %x = load double, ptr %slot
          call void @llvm.memcpy.p0.p0.i64(ptr %out, ptr inttoptr (i64 8 to ptr), i64 %n, i1 false)
          ret double %x
        }",
    );
    let cells = it.cells();
    let (node, _) = cells.target(it.v("slot"), 0).unwrap();
    assert_eq!(cells.roots(node), [Root::Local(it.v("m"))], "{it}");
    let unknown = |n| {
        let roots = cells.roots(n).iter();
        roots.filter(|r| matches!(r, Root::Unknown(_))).count()
    };
    assert_eq!(cells.nodes().map(unknown).sum::<usize>(), 0, "{it}");
}

#[test]
fn an_address_made_of_a_number_comes_from_somewhere_unknown() {
    let it = Subject::new(
        "define double @f(i64 %n) {
          %m = mul i64 %n, 8
          %q = inttoptr i64 %m to ptr
          %x = load double, ptr %q
          ret double %x
        }",
    );
    let cells = it.cells();
    let (node, _) = cells.target(it.v("q"), 0).unwrap();
    let roots = cells.roots(node);
    assert!(roots.contains(&Root::Unknown(it.v("q"))), "{roots:?}");
    assert!(roots.iter().all(|r| matches!(r, Root::Unknown(_))));
}

#[test]
fn an_address_passed_as_a_word_is_an_argument() {
    let it = Subject::new(
        "define double @f(i64 %n) {
          %q = inttoptr i64 %n to ptr
          %x = load double, ptr %q
          ret double %x
        }",
    );
    let cells = it.cells();
    let (node, _) = cells.target(it.v("q"), 0).unwrap();
    assert_eq!(cells.roots(node), [Root::Arg(0)]);
    assert_eq!(cells.target(it.v("n"), 0).map(|t| t.0), Some(node));
}

#[test]
fn a_double_that_is_moved_as_a_word_is_a_float() {
    let it = Subject::new(
        "define double @f(ptr %p, ptr %q, i64 %i) {
          %word = load i64, ptr %p
          store i64 %word, ptr %q
          %slot = getelementptr double, ptr %p, i64 %i
          %x = load double, ptr %slot
          ret double %x
        }",
    );
    let cells = it.cells();
    assert_eq!(classes(&it, &cells, "word"), [(0, F64)]);
    assert_eq!(layout(&it, &cells, "q").cells, [(0, F64)]);
    assert!(!same_node(&it, &cells, "p", "q"));
}

#[test]
fn a_word_that_is_counted_with_is_an_integer_only_when_nothing_else_is_known() {
    let it = Subject::new(
        "define double @f(ptr %p, ptr %q) {
          %word = load i64, ptr %p
          %more = add i64 %word, 1
          store i64 %more, ptr %p
          %bits = load i64, ptr %q
          %flipped = xor i64 %bits, -9223372036854775808
          store i64 %flipped, ptr %q
          %next = getelementptr i8, ptr %q, i64 8
          store i64 %bits, ptr %next
          %x = bitcast i64 %bits to double
          ret double %x
        }",
    );
    let cells = it.cells();
    assert_eq!(classes(&it, &cells, "word"), [(0, Class::Int)]);
    assert_eq!(layout(&it, &cells, "p").cells, [(0, Class::Int)]);
    assert_eq!(classes(&it, &cells, "bits"), [(0, F64)]);
}

const SWAP: &str = "
define void @f(ptr %a, ptr %b) {
  %x = load i64, ptr %a
  %y = load i64, ptr %b
  store i64 %y, ptr %a
  store i64 %x, ptr %b
  ret void
}
";

#[test]
fn swapped_words_of_which_one_is_a_pointer_are_pointers() {
    let it = Subject::new(SWAP);
    let trees = [scalar(Class::Int), scalar(Class::Ptr)];
    let cells = it.cells_with(&trees, &FxHashMap::default());
    for pointer in ["a", "b"] {
        assert_eq!(layout(&it, &cells, pointer).cells, [(0, Class::Ptr)]);
    }
    assert_eq!(classes(&it, &cells, "x"), [(0, Class::Ptr)]);
}

#[test]
fn swapped_cells_hold_what_either_held() {
    let it = Subject::new(SWAP);
    for (other, both) in [
        (Class::Int, Class::IntOrFloat(FloatKind::F64)),
        (Class::Ptr, Class::PtrOrFloat),
        (Class::Float(FloatKind::F32), Class::Conflict),
        (Class::Conflict, Class::Conflict),
    ] {
        let trees = [scalar(other), scalar(F64)];
        let cells = it.cells_with(&trees, &FxHashMap::default());
        assert_eq!(layout(&it, &cells, "a").cells, [(0, both)]);
        assert_eq!(layout(&it, &cells, "b").cells, [(0, both)]);
    }
    let cells = it.cells_with(&[scalar(F64), scalar(F64)], &FxHashMap::default());
    assert_eq!(layout(&it, &cells, "a").cells, [(0, F64)]);
}

#[test]
fn a_float_where_an_integer_was_declared_shares_its_place() {
    let it = Subject::new(
        "define double @f(ptr %p) {
          %x = load double, ptr %p
          ret double %x
        }",
    );
    let cells = it.cells_with(&[scalar(Class::Int)], &FxHashMap::default());
    let both = Class::IntOrFloat(FloatKind::F64);
    assert_eq!(layout(&it, &cells, "p").cells, [(0, both)]);
    assert_eq!(it.cells().memory(it.v("p"), None, 1).cells, [(0, F64)]);
}

#[test]
fn pointers_that_meet_in_a_phi_point_to_one_node() {
    let it = Subject::new(
        "define double @f(ptr %p, ptr %q, ptr %r, i1 %c) {
          %s = select i1 %c, ptr %p, ptr %q
          %x = load double, ptr %s
          %y = load double, ptr %r
          %sum = fadd double %x, %y
          ret double %sum
        }",
    );
    let cells = it.cells();
    assert!(same_node(&it, &cells, "p", "q"));
    assert!(!same_node(&it, &cells, "p", "r"));
    let (node, _) = cells.target(it.v("p"), 0).unwrap();
    assert_eq!(cells.roots(node), [Root::Arg(0), Root::Arg(1)]);
}

const CALLS: &str = "
define internal void @store(ptr %to, ptr %from) noinline {
  %x = load double, ptr %from
  store double %x, ptr %to
  ret void
}
define void @f(ptr %p, ptr %q, ptr %r, ptr %s) {
  call void @store(ptr %p, ptr %q)
  call void @store(ptr %r, ptr %s)
  ret void
}
";

#[test]
fn two_calls_of_one_function_do_not_mix_their_arguments() {
    let callee = Subject::of(CALLS, "store");
    let summary = Rc::new(callee.cells().summary(callee.body(), false));
    let it = Subject::new(CALLS);
    let cells = it.cells_with(&[], &FxHashMap::from_iter([("store", summary)]));
    let names = ["p", "q", "r", "s"];
    for (i, a) in names.iter().enumerate() {
        assert_eq!(layout(&it, &cells, a).cells, [(0, F64)], "{a}");
        let (node, _) = cells.target(it.v(a), 0).unwrap();
        assert!(!cells.escapes(node));
        for b in &names[i + 1..] {
            assert!(!same_node(&it, &cells, a, b), "{a} {b}");
        }
    }
    let calls: Vec<_> = it
        .body()
        .live_insts()
        .filter(|(_, op)| matches!(op, crate::ir::Op::Call(_)))
        .map(|(v, _)| v)
        .collect();
    let node = |name: &str| cells.target(it.v(name), 0).unwrap().0;
    assert_eq!(cells.call_writes(calls[0]), Some(vec![node("p")]));
    assert_eq!(cells.call_reads(calls[0]), Some(vec![node("q")]));
    assert_eq!(cells.call_writes(calls[1]), Some(vec![node("r")]));
    assert_eq!(cells.call_reads(calls[1]), Some(vec![node("s")]));
}

#[test]
fn what_a_callee_that_nobody_looked_at_sees_escapes() {
    let it = Subject::new(CALLS);
    let cells = it.cells();
    let (node, _) = cells.target(it.v("p"), 0).unwrap();
    assert!(cells.escapes(node));
    let any = it.body().live_insts().next().unwrap().0;
    assert_eq!(cells.call_writes(any), None);
}

/// The summaries of a function that calls itself, beginning with "touches nothing", and how many rounds it took
/// until nothing changed.
fn settle(module: &str, most: usize) -> Option<(usize, Rc<Summary>)> {
    let it = Subject::new(module);
    let mut known: Rc<Summary> = Rc::default();
    for round in 1..=most {
        let cells = it.cells_with(&[], &FxHashMap::from_iter([("f", known.clone())]));
        let next = Rc::new(cells.summary(it.body(), false));
        if next == known {
            return Some((round, next));
        }
        known = next;
    }
    None
}

#[test]
fn the_summary_of_a_recursive_function_settles() {
    let module = "
    define double @f(ptr %p, i64 %n) {
    entry:
      %end = icmp eq i64 %n, 0
      br i1 %end, label %out, label %in
    in:
      %half = lshr i64 %n, 1
      %upper = getelementptr double, ptr %p, i64 %half
      %a = call double @f(ptr %p, i64 %half)
      %b = call double @f(ptr %upper, i64 %half)
      %c = load double, ptr %p
      %ab = fadd double %a, %b
      %abc = fadd double %ab, %c
      br label %out
    out:
      %r = phi double [ 0.0, %entry ], [ %abc, %in ]
      ret double %r
    }";
    let (rounds, summary) = settle(module, 8).expect("settles");
    assert!(rounds > 1, "the first round knows nothing of the callee");
    // A caller sees an array of doubles that is only read.
    let caller = format!(
        "{module}
        define double @g(ptr %p, i64 %n) {{
          %r = call double @f(ptr %p, i64 %n)
          ret double %r
        }}"
    );
    let it = Subject::of(&caller, "g");
    let cells = it.cells_with(&[], &FxHashMap::from_iter([("f", summary)]));
    let doubles = MemLayout {
        step: 8,
        cells: vec![(0, F64)],
        narrow: false,
    };
    assert_eq!(layout(&it, &cells, "p"), doubles);
    let call = it.v("r");
    assert_eq!(cells.call_writes(call), Some(vec![]));
    let node = cells.target(it.v("p"), 0).unwrap().0;
    assert_eq!(cells.call_reads(call), Some(vec![node]));
}
