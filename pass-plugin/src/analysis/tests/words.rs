//! Integers that are told by what is done with them.

use super::Subject;
use crate::analysis::cells::{Class, Root};
use crate::ir::FloatKind;

/// One word for a variable's address and an integer in its low half, as LLVM makes it of an enum.
fn word_of(word: &str) -> Subject {
    Subject::new(&format!(
        "declare void @fill(ptr) memory(argmem: readwrite)
        define double @f(ptr %given, i1 %c, i32 %k) {{
        entry:
          %own = alloca [4 x double]
          store volatile double 1.0, ptr %own
          br i1 %c, label %integer, label %address
        integer:
          %word = ptrtoint ptr {word} to i64
          %cleared = and i64 %word, -4294967296
          %low = zext i32 %k to i64
          %both = or disjoint i64 %cleared, %low
          %made = inttoptr i64 %both to ptr
          br label %join
        address:
          br label %join
        join:
          %p = phi ptr [ %made, %integer ], [ %own, %address ]
          %x = load volatile double, ptr %p
          ret double %x
        }}"
    ))
}

fn unknown_roots(it: &Subject) -> usize {
    let cells = it.cells();
    let (node, _) = cells.target(it.v("p"), 0).expect("a target");
    let roots = cells.roots(node).iter();
    roots.filter(|r| matches!(r, Root::Unknown(_))).count()
}

#[test]
fn a_word_whose_low_half_is_an_integer_is_no_address_of_a_variable() {
    assert_eq!(unknown_roots(&word_of("%own")), 0);
}

#[test]
fn an_offset_in_the_low_half_of_a_given_address_may_lead_anywhere() {
    assert_eq!(unknown_roots(&word_of("%given")), 1);
}

/// A table whose elements and tags are in one piece of memory; `kept` is what is done with the hash of a key.
fn table(kept: &str) -> Subject {
    Subject::new(&format!(
        "declare i64 @llvm.fshl.i64(i64, i64, i64)
        define double @f(ptr %t, i64 %i, i64 %j, i64 %seed) {{
          %slot = getelementptr i8, ptr %t, i64 %i
          %x = load double, ptr %slot
          %twice = fmul double %x, 2.0
          store double %twice, ptr %slot
          %other = getelementptr i8, ptr %t, i64 %j
          %key = load volatile i32, ptr %other
          %wide = zext i32 %key to i64
          %mixed = xor i64 %wide, %seed
          %turned = call i64 @llvm.fshl.i64(i64 %mixed, i64 %mixed, i64 13)
          %hash = add i64 %turned, %seed
          %top = lshr i64 %hash, 57
          %tag = trunc i64 %top to i8
          %at = and i64 %hash, 15
          %there = getelementptr i8, ptr %t, i64 %at
          store i8 %tag, ptr %there
          {kept}
          ret double %x
        }}"
    ))
}

fn key(it: &Subject) -> Vec<Class> {
    it.cells().value(it.v("key")).map(|(_, c)| c).collect()
}

#[test]
fn what_is_only_hashed_is_an_integer() {
    assert_eq!(key(&table("")), [Class::Int]);
}

#[test]
fn what_is_stored_again_may_be_a_piece_of_a_float() {
    let piece = [Class::Piece(FloatKind::F64)];
    assert_eq!(key(&table("store i32 %key, ptr %there")), piece);
    assert_eq!(key(&table("store i64 %hash, ptr %there")), piece);
}

#[test]
fn a_dangling_pointer_beside_a_member_folds_nothing() {
    let it = Subject::new(
        "define double @f(ptr %map, i1 %c, double %x, i64 %n) {
        entry:
          %len = getelementptr i8, ptr %map, i64 8
          store volatile i64 %n, ptr %len
          %value = getelementptr i8, ptr %map, i64 16
          store volatile double %x, ptr %value
          br i1 %c, label %none, label %join
        none:
          %dangling = inttoptr i64 8 to ptr
          br label %join
        join:
          %p = phi ptr [ %len, %entry ], [ %dangling, %none ]
          %k = load volatile i64, ptr %p
          %y = load volatile double, ptr %value
          ret double %y
        }",
    );
    let cells = it.cells();
    assert_eq!(cells.memory(it.v("map"), None, 1).step, 0, "{it}");
}

/// Where an address made of `word` meets one that is given, and what is read there.
fn met(word: &str) -> usize {
    let it = Subject::new(&format!(
        "define double @f(ptr %slot, ptr %given, i1 %c, i64 %n) {{
        entry:
          br label %count
        count:
          %k = phi i64 [ 0, %entry ], [ %more, %count ]
          %more = add i64 %k, 1
          %go = icmp ult i64 %more, 12
          br i1 %go, label %count, label %counted
        counted:
          store volatile double 1.0, ptr %given
          br i1 %c, label %number, label %address
        number:
          %loaded = load volatile i64, ptr %slot
          %product = mul i64 %n, 24
          %made = inttoptr i64 {word} to ptr
          br label %join
        address:
          br label %join
        join:
          %p = phi ptr [ %made, %number ], [ %given, %address ]
          %x = load volatile double, ptr %p
          %sum = sitofp i64 %more to double
          %y = fadd double %x, %sum
          ret double %y
        }}"
    ));
    unknown_roots(&it)
}

#[test]
fn what_is_counted_up_is_no_address_and_what_is_loaded_has_its_memory_s_origin() {
    assert_eq!(met("%more"), 0);
    assert_eq!(met("%loaded"), 0);
    assert_eq!(met("%product"), 1);
}
