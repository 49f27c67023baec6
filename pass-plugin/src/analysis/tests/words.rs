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

/// Whether `%p` may point to anything.
fn is_unknown(it: &Subject) -> bool {
    let cells = it.cells();
    let (node, _) = cells.target(it.v("p"), 0).expect("a target");
    let mut roots = cells.roots(node).iter();
    roots.any(|r| matches!(r, Root::Unknown(_)))
}

#[test]
fn a_word_whose_low_half_is_an_integer_is_no_address_of_a_variable() {
    assert!(!is_unknown(&word_of("%own")));
}

#[test]
fn an_offset_in_the_low_half_of_a_given_address_may_lead_anywhere() {
    assert!(is_unknown(&word_of("%given")));
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

/// Whether an address made of `word`, which meets one that is given, may lead anywhere.
fn met(word: &str) -> bool {
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
    is_unknown(&it)
}

#[test]
fn what_is_counted_up_is_no_address_and_what_is_loaded_has_its_memory_s_origin() {
    assert!(!met("%more"));
    assert!(!met("%loaded"));
    assert!(met("%product"));
}

/// One register for an address that is given and for `word`; with `read`, a key is read out of it in the other variant.
fn slot(word: &str, read: &str) -> Subject {
    Subject::new(&format!(
        "define double @f(ptr %given, ptr %keys, i1 %c, i32 %i) {{
        entry:
          store volatile double 1.0, ptr %given
          %k = urem i32 %i, 5
          %loaded = load volatile i32, ptr %keys
          br i1 %c, label %integers, label %join
        integers:
          %address = ptrtoint ptr %given to i64
          %cleared = and i64 %address, -4294967296
          %low = zext i32 %k to i64
          %low.loaded = zext i32 %loaded to i64
          %high = shl i64 %low.loaded, 32
          %beside = or disjoint i64 %cleared, %low
          %beside.loaded = or disjoint i64 %cleared, %low.loaded
          %up = shl i64 %low, 32
          %pair = or disjoint i64 %up, %low
          %pair.loaded = or disjoint i64 %high, %low
          %made = inttoptr i64 %{word} to ptr
          br label %join
        join:
          %p = phi ptr [ %made, %integers ], [ %given, %entry ]
          %x = load volatile double, ptr %p
          {read}
          ret double %x
        }}"
    ))
}

const READ: &str = "%w = ptrtoint ptr %p to i64
          %key = trunc i64 %w to i32
          store volatile i32 %key, ptr %keys";

#[test]
fn integers_that_are_read_again_share_a_register_with_an_address() {
    for word in ["beside", "pair"] {
        assert!(!is_unknown(&slot(word, READ)), "{word}");
        assert!(is_unknown(&slot(word, "")), "{word}");
        // Halves of addresses come from memory.
        let loaded = format!("{word}.loaded");
        assert!(is_unknown(&slot(&loaded, READ)), "{word}");
    }
}

#[test]
fn what_is_read_out_of_a_shared_register_is_what_was_put_there() {
    // Among doubles, where what is moved may be a piece of one.
    let read = "store volatile double 1.0, ptr %keys
          %j = sext i32 %i to i64
          %place = getelementptr i32, ptr %keys, i64 %j
          %w = ptrtoint ptr %p to i64
          %key = trunc i64 %w to i32
          store volatile i32 %key, ptr %place";
    assert_eq!(key(&slot("beside", read)), [Class::Int]);
    assert_eq!(key(&slot("pair", read)), [Class::Int]);
}

#[test]
fn words_counted_up_or_down_from_loaded_ones_have_the_origin_of_their_memory() {
    assert!(!met("%loaded"));
    let it = Subject::new(
        "define double @f(ptr %slot, ptr %given, i1 %c) {
        entry:
          store volatile double 1.0, ptr %given
          %height = load i64, ptr %slot
          br label %down
        down:
          %h = phi i64 [ %height, %entry ], [ %less, %down ]
          %less = add i64 %h, -1
          %go = load volatile i1, ptr %slot
          br i1 %go, label %down, label %there
        there:
          %made = inttoptr i64 %h to ptr
          %p = select i1 %c, ptr %made, ptr %given
          %x = load volatile double, ptr %p
          ret double %x
        }",
    );
    assert!(!is_unknown(&it), "{it}");
}

#[test]
fn the_hash_is_one_also_where_it_was_not_written_yet() {
    let it = Subject::new(
        "declare i64 @llvm.fshl.i64(i64, i64, i64)
        define double @f(ptr %t, i64 %i, i64 %seed, ptr %ways) {
        entry:
          %slot = getelementptr i8, ptr %t, i64 %i
          %x = load double, ptr %slot
          %twice = fmul double %x, 2.0
          store double %twice, ptr %slot
          br label %loop
        loop:
          %before = phi i64 [ undef, %entry ], [ %now, %after ]
          %c = load volatile i1, ptr %ways
          br i1 %c, label %anew, label %after
        anew:
          %word = load volatile i64, ptr %ways
          %turned = call i64 @llvm.fshl.i64(i64 %word, i64 %word, i64 13)
          %hash = xor i64 %turned, %seed
          br label %after
        after:
          %now = phi i64 [ %hash, %anew ], [ %before, %loop ]
          %tag = trunc i64 %now to i8
          %at = and i64 %now, 15
          %there = getelementptr i8, ptr %t, i64 %at
          store volatile i8 %tag, ptr %there
          %again = load volatile i1, ptr %ways
          br i1 %again, label %loop, label %done
        done:
          ret double %x
        }",
    );
    let piece = Class::Piece(FloatKind::F64);
    let classes: Vec<Class> = it.cells().value(it.v("tag")).map(|(_, c)| c).collect();
    assert!(!classes.contains(&piece), "{classes:?}");
}

#[test]
fn a_high_word_in_an_array_of_doubles_is_a_piece_though_it_is_counted_with() {
    let it = Subject::new(
        "define double @f(ptr %a, i64 %i) {
          %slot = getelementptr double, ptr %a, i64 %i
          %x = load double, ptr %slot
          %above = getelementptr i8, ptr %slot, i64 4
          %key = load volatile i32, ptr %above
          %less = add i32 %key, -1072632447
          %number = sitofp i32 %less to double
          %y = fmul double %x, %number
          ret double %y
        }",
    );
    assert_eq!(key(&it), [Class::Piece(FloatKind::F64)]);
}

/// A key of a folded node that is moved, where another one is compared that lies `at` bytes into its node.
fn is_number_field(at: u64) -> bool {
    let it = Subject::new(&format!(
        "define double @f(ptr %node, ptr %other, i64 %i, i32 %k, ptr %out) {{
          %values = getelementptr i8, ptr %node, i64 8
          %value = getelementptr ptr, ptr %values, i64 %i
          %p = load volatile ptr, ptr %value
          %x = load volatile double, ptr %p
          %keys = getelementptr i8, ptr %node, i64 96
          %place = getelementptr i32, ptr %keys, i64 %i
          %key = load volatile i32, ptr %place
          store volatile i32 %key, ptr %out
          %there = getelementptr i8, ptr %node, i64 {at}
          %first = getelementptr i32, ptr %there, i64 %i
          %compared = load volatile i32, ptr %first
          %less = icmp ult i32 %compared, %k
          %y = select i1 %less, double %x, double 1.0
          ret double %y
        }}"
    ));
    it.cells().is_number_field(it.body(), it.v("place"), 4)
}

#[test]
fn what_is_compared_elsewhere_in_its_walk_is_a_number() {
    assert!(is_number_field(96));
    assert!(!is_number_field(140));
}
