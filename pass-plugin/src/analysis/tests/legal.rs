//! What is refused, and at which instruction.

use super::{CONST, DUP, Facts, OUT, Subject, reverse};
use crate::analysis::activity::NoShadow;
use crate::analysis::legal::{Illegal, check};

fn verdict(facts: &Facts) -> Result<(), Illegal> {
    check(facts.of.body(), &facts.cells, &facts.act)
}

const THROUGH: &str = "
define double @f(double %x, ptr %c, i64 %i) {
  %y = fmul double %x, %x
  store double %y, ptr %c
  %slot = getelementptr double, ptr %c, i64 %i
  %r = load double, ptr %slot
  ret double %r
}
";

#[test]
fn active_data_can_not_pass_through_a_constant_argument() {
    let it = Subject::new(THROUGH);
    let facts = it.facts(reverse(&[OUT, CONST, CONST]));
    assert!(facts.is_active("y") && facts.is_active("r"));
    let Err(Illegal::NoShadow { why, .. }) = verdict(&facts) else {
        panic!("{:?}", verdict(&facts));
    };
    assert_eq!(why, NoShadow::ConstArg(Some(1)));
    assert_eq!(verdict(&it.facts(reverse(&[OUT, DUP, CONST]))), Ok(()));
    assert_eq!(verdict(&it.facts(reverse(&[CONST, CONST, CONST]))), Ok(()));
}

#[test]
fn active_data_can_not_pass_through_a_global_variable() {
    let it = Subject::new(
        "@cell = external global double
        define double @f(double %x, i64 %i) {
          %y = fmul double %x, %x
          store double %y, ptr @cell
          %slot = getelementptr double, ptr @cell, i64 %i
          %r = load double, ptr %slot
          ret double %r
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST]));
    let Err(Illegal::NoShadow { why: found, .. }) = verdict(&facts) else {
        panic!("{:?}", verdict(&facts));
    };
    assert!(matches!(found, NoShadow::Global(g, _) if g == it.v("cell")));
    assert_eq!(verdict(&it.facts(reverse(&[CONST, CONST]))), Ok(()));
}

#[test]
fn calls_without_a_body_are_refused_only_with_active_data() {
    let it = Subject::new(
        "declare double @known_to_nobody(double)
        define double @f(double %x, double %k, ptr %to) {
          %y = call double @known_to_nobody(double %x)
          %z = fmul double %y, %k
          ret double %z
        }",
    );
    let facts = it.facts(reverse(&[OUT, CONST, CONST]));
    let no_body = Illegal::NoBody(it.v("y"), "known_to_nobody".into());
    assert_eq!(verdict(&facts), Err(no_body));
    assert_eq!(verdict(&it.facts(reverse(&[CONST, OUT, CONST]))), Ok(()));
}

#[test]
fn calls_through_a_pointer_and_assembly_are_refused() {
    let it = Subject::new(
        "define double @f(double %x, ptr %callee) {
          %y = call double %callee(double %x) memory(none) [ \"deopt\"(i32 1) ]
          ret double %y
        }",
    );
    let refused = Err(Illegal::Indirect(it.v("y")));
    assert_eq!(verdict(&it.facts(reverse(&[OUT, CONST]))), refused);
    assert_eq!(verdict(&it.facts(reverse(&[CONST, CONST]))), Ok(()));
    let it = Subject::new(
        "define double @f(double %x) {
          %y = call double asm \"sqrtsd $1, $0\", \"=x,x\"(double %x)
          ret double %y
        }",
    );
    let refused = Err(Illegal::Asm(it.v("y")));
    assert_eq!(verdict(&it.facts(reverse(&[OUT]))), refused);
    assert_eq!(verdict(&it.facts(reverse(&[CONST]))), Ok(()));
}

#[test]
fn a_cycle_that_is_entered_in_the_middle_gets_one_entry() {
    let text = "define double @f(double %x, i1 %c) {
        entry:
          br i1 %c, label %a, label %b
        a:
          %u = phi double [ %x, %entry ], [ %w, %b ]
          %v = fmul double %u, %u
          %more = fcmp olt double %v, 9.0
          br i1 %more, label %b, label %out
        b:
          %s = phi double [ %x, %entry ], [ %v, %a ]
          %w = fmul double %s, %x
          %again = fcmp ogt double %w, 3.0
          br i1 %again, label %a, label %out
        out:
          %r = phi double [ %v, %a ], [ %w, %b ]
          ret double %r
        }";
    let it = Subject::new(text);
    assert_eq!(verdict(&it.facts(reverse(&[OUT, CONST]))), Ok(()));
}

#[test]
fn a_cycle_that_a_landing_pad_enters_in_the_middle_is_refused() {
    let text = "declare void @g()
        declare i32 @__gxx_personality_v0(...)
        define double @f(double %x) personality ptr @__gxx_personality_v0 {
        entry:
          invoke void @g() to label %a unwind label %pad
        a:
          %u = phi double [ %x, %entry ], [ %w, %pad ]
          %v = fmul double %u, %u
          invoke void @g() to label %out unwind label %pad
        pad:
          %s = phi double [ %x, %entry ], [ %v, %a ]
          %caught = landingpad { ptr, i32 } catch ptr null
          %w = fmul double %s, %x
          br label %a
        out:
          ret double %v
        }";
    let it = Subject::new(text);
    let refused = Err(Illegal::Irreducible);
    assert_eq!(verdict(&it.facts(reverse(&[OUT]))), refused);
}
