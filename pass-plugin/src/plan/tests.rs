//! Plans of small functions, and what the checker says of plans that were broken on purpose.

use super::check::check;
use super::choose::plan;
use super::walk::Next;
use super::{How, Plan, Storage, level};
use crate::analysis::need::{Element, Need};
use crate::analysis::tests::{CONST, DUP, Facts, OUT, Subject, reverse};
use crate::ir::{LoopId, ValueId};
use crate::marker::request::Signature;

fn plan_of(facts: &Facts) -> Plan {
    let body = facts.of.body();
    plan(body, &facts.cells, &facts.act, &facts.clobber).expect("a way back")
}

fn verdict(facts: &Facts, plan: &Plan) -> Result<(), String> {
    check(facts.of.body(), &facts.cells, &facts.act, plan)
}

/// The plan, which must hold.
fn checked(facts: &Facts) -> Plan {
    let plan = plan_of(facts);
    assert_eq!(verdict(facts, &plan), Ok(()), "{plan:#?} of\n{}", facts.of);
    plan
}

fn loop_at(it: &Subject, header: &str) -> LoopId {
    let header = it.block(header);
    let found = it.body().cfg.loop_with_header(header);
    found.unwrap_or_else(|| panic!("{header:?} is no header in\n{it}"))
}

fn how_primal(facts: &Facts, plan: &Plan, name: &str) -> How {
    let need = Need::Primal(facts.of.v(name));
    let how = plan.how.get(&need);
    *how.unwrap_or_else(|| panic!("%{name} is not needed: {plan:#?} of\n{}", facts.of))
}

/// `p[i·m + j]` for all `i < n` and `j < m`, multiplied up; the product so far must be kept.
const NEST: &str = "
define double @f(ptr noalias %p, i64 %n, i64 %m) {
entry:
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i.next, %outer.end ]
  %a = phi double [ 1.0, %entry ], [ %c, %outer.end ]
  %row = mul i64 %i, %m
  br label %inner
inner:
  %j = phi i64 [ 0, %outer ], [ %j.next, %inner ]
  %b = phi double [ %a, %outer ], [ %c, %inner ]
  %at = add i64 %row, %j
  %slot = getelementptr inbounds double, ptr %p, i64 %at
  %x = load double, ptr %slot
  %c = fmul double %b, %x
  %j.next = add nuw nsw i64 %j, 1
  %inner.go = icmp ult i64 %j.next, %m
  br i1 %inner.go, label %inner, label %outer.end
outer.end:
  %i.next = add nuw nsw i64 %i, 1
  %outer.go = icmp ult i64 %i.next, %n
  br i1 %outer.go, label %outer, label %exit
exit:
  ret double %c
}
";

#[test]
fn a_counted_nest_is_cached_in_one_array_made_before_its_outer_loop() {
    let it = Subject::new(NEST);
    let facts = it.facts(reverse(&[DUP, CONST, CONST]));
    let plan = checked(&facts);
    let (outer, inner) = (loop_at(&it, "outer"), loop_at(&it, "inner"));
    let flat = Storage::Flat {
        late: false,
        root: outer,
        nest: vec![outer, inner],
    };
    assert_eq!(plan.storage.get(&inner), Some(&flat), "{plan:#?} of\n{it}");
    assert_eq!(how_primal(&facts, &plan, "b"), How::Saved);
    assert_eq!(
        plan.saved.get(&Some(inner)),
        Some(&vec![Need::Primal(it.v("b"))])
    );
    // The array's start belongs to where the outer loop runs from: to no loop at all.
    assert_eq!(
        plan.how.get(&Need::Base(inner, Element::Float(8))),
        Some(&How::Saved)
    );
    assert_eq!(
        level(
            it.body(),
            &plan.storage,
            Need::Base(inner, Element::Float(8))
        ),
        None
    );
    assert!(plan.saved[&None].contains(&Need::Base(inner, Element::Float(8))));
    // Its size is computed from both trip counts.
    for l in [outer, inner] {
        let count = it.body().counters[l.index()].backedge_count.unwrap();
        assert!(plan.how.contains_key(&Need::Primal(count)), "{l:?}");
    }
}

#[test]
fn what_memory_still_holds_is_loaded_again_in_a_combined_sweep() {
    let it = Subject::new(NEST);
    let sig = reverse(&[DUP, CONST, CONST]);
    let facts = it.facts(sig.clone());
    let plan = checked(&facts);
    assert_eq!(how_primal(&facts, &plan, "x"), How::Redo);
    // In split mode the caller may overwrite it in between.
    let split = it.facts(Signature {
        mode: crate::marker::request::Mode::ReverseSplit,
        stable_args: vec![false; 3],
        ..sig
    });
    let plan = checked(&split);
    assert_eq!(how_primal(&split, &plan, "x"), How::Saved);
}

const WHILE: &str = "
declare double @llvm.sin.f64(double)
define double @f(double %x, double %small) {
entry:
  br label %loop
loop:
  %a = phi double [ %x, %entry ], [ %c, %loop ]
  %b = call double @llvm.sin.f64(double %a)
  %c = fmul double %b, %a
  %go = fcmp ogt double %c, %small
  br i1 %go, label %loop, label %exit
exit:
  ret double %c
}
";

#[test]
fn a_loop_of_unknown_length_is_cached_in_a_chain() {
    let it = Subject::new(WHILE);
    let facts = it.facts(reverse(&[OUT, CONST]));
    let plan = checked(&facts);
    let l = loop_at(&it, "loop");
    assert_eq!(plan.storage.get(&l), Some(&Storage::Chain));
    assert_eq!(how_primal(&facts, &plan, "a"), How::Saved);
    assert!(!plan.how.contains_key(&Need::Base(l, Element::Float(8))));
    // How often it ran is known at its end only.
    assert_eq!(how_primal(&facts, &plan, "iv.exit"), How::Saved);
}

#[test]
fn a_counted_loop_in_one_of_unknown_length_gets_an_array_for_each_run() {
    let it = Subject::new(
        "define double @f(ptr noalias %p, double %small, i64 %n) {
        entry:
          br label %outer
        outer:
          %a = phi double [ 1.0, %entry ], [ %c, %outer.end ]
          br label %inner
        inner:
          %j = phi i64 [ 0, %outer ], [ %j.next, %inner ]
          %b = phi double [ %a, %outer ], [ %c, %inner ]
          %slot = getelementptr inbounds double, ptr %p, i64 %j
          %x = load double, ptr %slot
          %c = fmul double %b, %x
          %j.next = add nuw nsw i64 %j, 1
          %inner.go = icmp ult i64 %j.next, %n
          br i1 %inner.go, label %inner, label %outer.end
        outer.end:
          %outer.go = fcmp ogt double %c, %small
          br i1 %outer.go, label %outer, label %exit
        exit:
          ret double %c
        }",
    );
    let facts = it.facts(reverse(&[DUP, CONST, CONST]));
    let plan = checked(&facts);
    let (outer, inner) = (loop_at(&it, "outer"), loop_at(&it, "inner"));
    let flat = Storage::Flat {
        late: false,
        root: inner,
        nest: vec![inner],
    };
    assert_eq!(plan.storage.get(&inner), Some(&flat), "{plan:#?} of\n{it}");
    assert_eq!(plan.storage.get(&outer), Some(&Storage::Chain));
    // Each run of the outer loop remembers its own array.
    assert!(plan.saved[&Some(outer)].contains(&Need::Base(inner, Element::Float(8))));
}

/// A triangle, row by row, as LLVM's `indvars` leaves it: row `i` has the pairs from `k`, which grows by the row's
/// length; `FIRST` is where a row starts and `LAST` where it ends.
const TRIANGLE: &str = "
define double @f(ptr noalias %p, ptr noalias %q, i64 %n) {
entry:
  br label %outer
outer:
  %i = phi i64 [ 0, %entry ], [ %i.next, %outer.end ]
  %k = phi i64 [ 0, %entry ], [ %k.next, %outer.end ]
  %a = phi double [ 0.0, %entry ], [ %c, %outer.end ]
  %short = sub i64 %n, %i
  %left = add i64 %short, 1
  br label %inner
inner:
  %j = phi i64 [ FIRST, %outer ], [ %j.next, %inner ]
  %kk = phi i64 [ %k, %outer ], [ %kk.next, %inner ]
  %b = phi double [ %a, %outer ], [ %c, %inner ]
  %of.p = getelementptr inbounds double, ptr %p, i64 %kk
  %x = load double, ptr %of.p
  %of.q = getelementptr inbounds double, ptr %q, i64 %j
  %y = load double, ptr %of.q
  %xy = fmul double %x, %y
  %c = fadd double %b, %xy
  %kk.next = add nuw nsw i64 %kk, 1
  %j.next = add nuw nsw i64 %j, 1
  %done = icmp eq i64 %j, LAST
  br i1 %done, label %outer.end, label %inner
outer.end:
  %i.next = add nuw nsw i64 %i, 1
  %k.next = add nuw nsw i64 %k, LENGTH
  %outer.go = icmp ult i64 %i.next, %n
  br i1 %outer.go, label %outer, label %exit
exit:
  ret double %c
}
";

/// Nothing is saved in each iteration of the inner loop: the indices are the only thing that could be.
fn assert_computed(first: &str, last: &str, length: &str) {
    let text = TRIANGLE
        .replace("FIRST", first)
        .replace("LAST", last)
        .replace("LENGTH", length);
    let it = Subject::new(&text);
    let facts = it.facts(reverse(&[DUP, DUP, CONST]));
    let plan = checked(&facts);
    let inner = loop_at(&it, "inner");
    assert!(
        matches!(how_primal(&facts, &plan, "j"), How::Induction { l, .. } if l == inner),
        "{plan:#?} of\n{it}"
    );
    // Rows differ in length, so the pairs before a row are a polynomial of the outer counter.
    let How::Induction { start, .. } = how_primal(&facts, &plan, "kk") else {
        panic!("{plan:#?} of\n{it}");
    };
    assert_eq!(start, it.v("k"));
    let of_k = how_primal(&facts, &plan, "k");
    assert!(matches!(of_k, How::Equal(_)), "{of_k:?} in\n{it}");
    assert_eq!(plan.saved.get(&Some(inner)), None, "{plan:#?} of\n{it}");
}

#[test]
fn indices_of_a_triangle_are_computed_and_not_saved() {
    assert_computed("0", "%i", "%i.next");
}

#[test]
fn the_counter_of_a_loop_is_the_reverse_loops_own() {
    let it = Subject::new(NEST);
    let facts = it.facts(reverse(&[DUP, CONST, CONST]));
    let plan = checked(&facts);
    let inner = loop_at(&it, "inner");
    let counter = it.body().counters[inner.index()].iv;
    let of_j = how_primal(&facts, &plan, "j");
    let needed = plan.how.get(&Need::Primal(counter));
    assert!(
        matches!(of_j, How::Induction { l, .. } if l == inner)
            || needed == Some(&How::Counter(inner)),
        "{of_j:?} {needed:?}"
    );
}

/// Two ways to the result; `CONDITION` decides.
const BRANCH: &str = "
declare double @llvm.sin.f64(double)
define double @f(double %x, double %k, ptr noalias %p, i64 %i) {
entry:
  %slot = getelementptr double, ptr %p, i64 %i
  CONDITION
  br i1 %c, label %left, label %right
left:
  %y = call double @llvm.sin.f64(double %x)
  store double %k, ptr %p
  br label %end
right:
  %z = fmul double %x, %k
  store volatile double %k, ptr %p
  br label %end
end:
  %r = phi double [ %y, %left ], [ %z, %right ]
  ret double %r
}
";

fn condition_and_side(condition: &str) -> (How, How) {
    let it = Subject::new(&BRANCH.replace("CONDITION", condition));
    let facts = it.facts(reverse(&[OUT, CONST, CONST, CONST]));
    let plan = checked(&facts);
    let end = it.block("end");
    let Next::Which { which, preds } = &plan.walk.next[&end] else {
        panic!("{:?} in\n{it}", plan.walk.next[&end]);
    };
    let mut from: Vec<_> = preds.iter().map(|(_, p)| *p).collect();
    from.sort();
    let mut both = vec![it.block("left"), it.block("right")];
    both.sort();
    assert_eq!(from, both);
    let How::Side {
        cond,
        on_true,
        on_false,
    } = plan.how[&Need::Primal(*which)]
    else {
        panic!("{:?} in\n{it}", plan.how[&Need::Primal(*which)]);
    };
    assert_eq!(cond, it.v("c"));
    let number_of = |name: &str| {
        let block = it.block(name);
        preds.iter().find(|(_, p)| *p == block).unwrap().0
    };
    let sides = (number_of("left"), number_of("right"));
    assert_eq!((on_true, on_false), sides, "{it}");
    (
        plan.how[&Need::Primal(cond)],
        plan.how[&Need::Primal(*which)],
    )
}

#[test]
fn the_side_of_a_branch_is_decided_again_from_its_condition() {
    let (condition, _) = condition_and_side("%c = fcmp ogt double %x, 2.0");
    assert_eq!(condition, How::Redo);
}

#[test]
fn the_condition_of_a_branch_is_saved_when_its_memory_changes() {
    let text = "%loaded = load double, ptr %slot\n  %c = fcmp ogt double %loaded, 2.0";
    let (condition, _) = condition_and_side(text);
    assert_eq!(condition, How::Saved);
}

#[test]
fn branches_without_an_adjoint_are_stepped_over() {
    let it = Subject::new(
        "define double @f(double %x, ptr noalias %p, i1 %c) {
        entry:
          %y = fmul double %x, %x
          br i1 %c, label %left, label %right
        left:
          store volatile i32 1, ptr %p
          br label %end
        right:
          store volatile i32 2, ptr %p
          br label %end
        end:
          %z = fmul double %y, %x
          ret double %z
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST, CONST]));
    let plan = checked(&facts);
    let (end, entry) = (it.block("end"), it.block("entry"));
    assert_eq!(plan.walk.next[&end], Next::One(entry), "{it}");
    assert_eq!(plan.walk.next[&entry], Next::End);
    assert_eq!(plan.walk.blocks, [end, entry]);
}

// ---- plans that were broken on purpose ----

/// What the checker says of the nest's plan after `breaking` it.
fn broken(breaking: impl FnOnce(&Subject, &mut Plan)) -> String {
    let it = Subject::new(NEST);
    let facts = it.facts(reverse(&[DUP, CONST, CONST]));
    let mut plan = checked(&facts);
    breaking(&it, &mut plan);
    verdict(&facts, &plan).expect_err("the plan is broken")
}

fn primal(it: &Subject, name: &str) -> Need {
    Need::Primal(it.v(name))
}

#[track_caller]
fn assert_says(error: &str, what: &str) {
    assert!(error.contains(what), "{error}");
}

#[test]
fn a_value_without_a_way_is_found() {
    // Asked for by an adjoint, and asked for by what is recomputed.
    for name in ["b", "j", "x"] {
        let error = broken(|it, plan| {
            assert!(plan.how.remove(&primal(it, name)).is_some(), "{name}");
        });
        assert_says(&error, "has no way to be obtained");
    }
    let error = broken(|it, plan| {
        let base = Need::Base(loop_at(it, "inner"), Element::Float(8));
        assert!(plan.how.remove(&base).is_some());
    });
    assert_says(&error, "has no way to be obtained");
    assert!(error.starts_with("Base("), "{error}");
}

#[test]
fn a_value_that_is_obtained_from_itself_is_found() {
    let error = broken(|it, plan| {
        plan.how.insert(primal(it, "b"), How::Equal(it.v("b")));
    });
    assert_says(&error, "is obtained from itself");
    // Round a corner: the product is made of the phi.
    let error = broken(|it, plan| {
        plan.how.insert(primal(it, "b"), How::Equal(it.v("c")));
        plan.how.insert(primal(it, "c"), How::Redo);
    });
    assert_says(&error, "is obtained from itself");
}

#[test]
fn a_saved_value_without_a_place_is_found() {
    let error = broken(|it, plan| {
        let inner = Some(loop_at(it, "inner"));
        let list = plan.saved.get_mut(&inner).unwrap();
        list.retain(|need| *need != primal(it, "b"));
    });
    assert_says(&error, "is saved but has no place");
    // A place at another level is none.
    let error = broken(|it, plan| {
        let inner = Some(loop_at(it, "inner"));
        let list = plan.saved.remove(&inner).unwrap();
        plan.saved.insert(Some(loop_at(it, "outer")), list);
    });
    assert_says(&error, "is saved but has no place");
    let error = broken(|it, plan| {
        plan.storage.remove(&loop_at(it, "inner"));
    });
    assert_says(&error, "has no storage");
}

#[test]
fn a_value_of_an_inner_loop_that_is_read_outside_is_found() {
    let error = broken(|it, plan| {
        // The row's start belongs to the outer loop, the column to the inner one.
        let row: ValueId = it.v("row");
        assert!(plan.how.contains_key(&Need::Primal(row)), "{plan:#?}");
        plan.how.insert(Need::Primal(row), How::Equal(it.v("j")));
    });
    assert_says(&error, "which belongs to an inner loop");
}
