//! Varied, useful, and both.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{CONST, DUP, OUT, Subject, reverse};
use crate::marker::request::{Mode, RetActivity, Signature};

fn without_result(sig: Signature) -> Signature {
    Signature {
        ret: RetActivity::Const,
        ..sig
    }
}

#[test]
fn what_is_loaded_from_a_constant_argument_does_not_vary() {
    let it = Subject::new(
        "define double @f(ptr %p, ptr %c) {
          %x = load double, ptr %p
          %k = load double, ptr %c
          %y = fmul double %x, %k
          ret double %y
        }",
    );
    let facts = it.facts(reverse(&[DUP, CONST]));
    assert!(facts.is_active("x") && facts.is_active("y"));
    assert!(!facts.is_varied("k"));
    assert!(facts.is_active_memory("p") && !facts.is_active_memory("c"));
    let facts = it.facts(reverse(&[CONST, DUP]));
    assert!(!facts.is_varied("x") && facts.is_active("k"));
}

#[test]
fn a_constant_register_does_not_vary() {
    let it = Subject::new(
        "define double @f(double %a, double %b) {
          %x = fmul double %a, %a
          %y = fmul double %b, %b
          %z = fadd double %x, %y
          ret double %z
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST]));
    assert!(facts.is_active("x") && facts.is_active("z"));
    assert!(!facts.is_varied("y") && !facts.is_varied("b"));
    // Without a seed nothing is useful, though it varies.
    let facts = it.facts(without_result(reverse(&[OUT, CONST])));
    assert!(facts.is_varied("z"));
    assert!(!facts.is_active("x") && !facts.is_active("z") && !facts.is_active("a"));
}

#[test]
fn what_only_a_constant_memory_receives_is_not_active() {
    let it = Subject::new(
        "define double @f(double %x, ptr %c) {
          %y = fmul double %x, %x
          store double %y, ptr %c
          ret double %x
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST]));
    assert!(facts.is_varied("y"));
    assert!(!facts.is_active("y") && !facts.is_active_memory("c"));
    assert!(facts.is_active("x"));
    // The same memory with a shadow is an output.
    let facts = it.facts(reverse(&[OUT, DUP]));
    assert!(facts.is_active("y") && facts.is_active_memory("c"));
}

/// `%y` goes to `%a`, from there to `%b`, and a part of `%b` is the result.
const COPY: &str = "
declare noalias ptr @malloc(i64)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
define double @f(double %x, i64 %n, i64 %i, ptr %unread) {
  %a = call ptr @malloc(i64 %n)
  %b = call ptr @malloc(i64 %n)
  %other = call ptr @malloc(i64 %n)
  %y = fmul double %x, %x
  %z = fmul double %y, %y
  %to = getelementptr double, ptr %a, i64 %i
  store double %y, ptr %to
  %beside = getelementptr double, ptr %other, i64 %i
  store double %z, ptr %beside
  call void @llvm.memcpy.p0.p0.i64(ptr %b, ptr %a, i64 %n, i1 false)
  call void @llvm.memcpy.p0.p0.i64(ptr %unread, ptr %other, i64 %n, i1 false)
  %last = getelementptr double, ptr %b, i64 %n
  %r = load double, ptr %last
  ret double %r
}
";

#[test]
fn usefulness_goes_backwards_through_a_copy_of_memory() {
    let it = Subject::new(COPY);
    let facts = it.facts(reverse(&[OUT, CONST, CONST, CONST]));
    for pointer in ["a", "b"] {
        assert!(facts.is_active_memory(pointer), "{pointer} in\n{it}");
    }
    assert!(facts.is_active("y") && facts.is_active("r"));
    // The other copy ends where nobody looks.
    assert!(facts.is_varied("z") && !facts.is_active("z"));
    assert!(!facts.is_active_memory("other") && !facts.is_active_memory("unread"));
}

#[test]
fn variedness_goes_forwards_through_a_copy_of_memory() {
    let it = Subject::new(COPY);
    let facts = it.facts(reverse(&[CONST, CONST, CONST, DUP]));
    assert!(!facts.is_varied("y") && !facts.is_varied("r"));
    assert!(facts.is_active_memory("unread"));
    assert!(!facts.is_active_memory("b"));
}

#[test]
fn memory_with_a_shadow_is_active_as_far_as_it_reaches() {
    let it = Subject::new(
        "define void @f(ptr %p, ptr %c) {
          %inner = load ptr, ptr %p
          store double 1.0, ptr %inner
          %still = load ptr, ptr %c
          store double 2.0, ptr %still
          ret void
        }",
    );
    let facts = it.facts(without_result(reverse(&[DUP, CONST])));
    assert!(facts.is_active_memory("p") && facts.is_active_memory("inner"));
    assert!(!facts.is_active_memory("c") && !facts.is_active_memory("still"));
    let has_shadow = |name: &str| facts.act.has_shadow_pointer(&facts.cells, it.v(name));
    assert!(has_shadow("p") && has_shadow("inner"));
    assert!(!has_shadow("c") && !has_shadow("still"));
}

#[test]
fn memory_that_holds_an_active_pointer_has_a_shadow_without_being_active() {
    let it = Subject::new(
        "declare noalias ptr @malloc(i64)
        define double @f(ptr %p, i64 %i) {
          %table = call ptr @malloc(i64 800)
          %slot = getelementptr ptr, ptr %table, i64 %i
          store ptr %p, ptr %slot
          %head = load ptr, ptr %table
          %x = load double, ptr %head
          ret double %x
        }",
    );
    let facts = it.facts(reverse(&[DUP, CONST]));
    assert!(!facts.is_active_memory("table"));
    assert!(facts.act.has_shadow_pointer(&facts.cells, it.v("table")));
    assert!(facts.is_active("x"), "{it}");
}

#[test]
fn a_number_that_is_counted_or_compared_ends_a_derivative() {
    let it = Subject::new(
        "define double @f(double %x, double %k) {
          %n = fptosi double %x to i64
          %more = add i64 %n, 3
          %back = sitofp i64 %more to double
          %y = fmul double %back, %k
          %less = fcmp olt double %x, 1.0
          %z = select i1 %less, double %y, double %back
          ret double %z
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST]));
    for name in ["n", "more", "back", "y", "less", "z"] {
        assert!(!facts.is_varied(name), "{name} in\n{it}");
    }
    let facts = it.facts(reverse(&[CONST, OUT]));
    assert!(facts.is_active("y") && facts.is_active("z") && !facts.is_varied("back"));
}

#[test]
fn bits_of_a_float_in_a_word_are_active() {
    let it = Subject::new(
        "define double @f(ptr %p, ptr %q, i64 %i) {
          %word = load i64, ptr %p
          store i64 %word, ptr %q
          %slot = getelementptr double, ptr %q, i64 %i
          %x = load double, ptr %slot
          ret double %x
        }",
    );
    let facts = it.facts(reverse(&[DUP, DUP, CONST]));
    assert!(facts.is_active("word"), "{it}");
}

#[test]
fn forward_mode_follows_tangents_the_same_way() {
    let it = Subject::new(
        "define double @f(double %x, double %k, ptr %out, ptr %c) {
          %y = fmul double %x, %k
          %kk = fmul double %k, %k
          %unused = fmul double %x, 2.5
          store double %unused, ptr %c
          store double %kk, ptr %out
          ret double %y
        }",
    );
    let forward = |ret| Signature {
        mode: Mode::Forward,
        ret,
        ..reverse(&[DUP, CONST, DUP, CONST])
    };
    let facts = it.facts(forward(RetActivity::Active));
    assert!(facts.is_active("x") && facts.is_active("y"));
    assert!(!facts.is_varied("kk"));
    // Its tangent must be cleared.
    assert!(facts.is_active_memory("out"));
    assert!(facts.is_varied("unused") && !facts.is_active("unused"));
    let facts = it.facts(forward(RetActivity::Const));
    assert!(!facts.is_active("y") && facts.is_active_memory("out"));
}

const CALL: &str = "
define internal double @first(ptr %from) noinline {
  %x = load double, ptr %from
  ret double %x
}
define internal void @put(ptr %to, double %x) noinline {
  store double %x, ptr %to
  ret void
}
declare noalias ptr @malloc(i64)
define double @f(double %x, ptr %c, ptr %unread) {
  %a = call ptr @malloc(i64 8)
  %y = fmul double %x, %x
  call void @put(ptr %a, double %y)
  %r = call double @first(ptr %a)
  %k = call double @first(ptr %c)
  %z = fmul double %y, %y
  call void @put(ptr %unread, double %z)
  %sum = fadd double %r, %k
  ret double %sum
}
";

#[test]
fn calls_pass_on_what_their_summaries_say() {
    let summary = |name: &str| {
        let callee = Subject::of(CALL, name);
        Rc::new(callee.cells().summary(callee.body(), false))
    };
    let summaries = ["first", "put"].map(|name| (name, summary(name)));
    let it = Subject::new(CALL);
    let facts = it.facts_with(
        reverse(&[OUT, CONST, CONST]),
        &FxHashMap::from_iter(summaries),
    );
    assert!(facts.is_active("y") && facts.is_active("r") && facts.is_active("sum"));
    assert!(facts.is_active_memory("a"));
    assert!(!facts.is_varied("k") && !facts.is_active_memory("c"));
    assert!(facts.is_varied("z") && !facts.is_active("z"));
    assert!(!facts.is_active_memory("unread"));
}
