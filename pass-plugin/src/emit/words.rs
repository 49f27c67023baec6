//! Words that hold a double at one time and an address at another (unions, arenas): which one it is, the word tells.
//!
//! An address in user space is below 2^48; as a double it is below 1e-308. So a shadow word below 2^48 is a shadow
//! pointer, or an adjoint of no weight. Shadow pointers that were overwritten by floats are cleared, in either sweep,
//! before an adjoint is added where they were.

use crate::llvm::{Builder, IntPredicate, Value};

/// Whether a word (an i64) is an address, or 0.
pub fn is_pointer(b: &Builder, word: Value) -> Value {
    b.icmp(IntPredicate::Ult, word, word.ty().const_int(1 << 48))
}

fn load(b: &Builder, at: Value) -> Value {
    b.load(b.context().i64_type(), at, 1, false)
}

/// Clears the word at `at` if it is an address.
pub fn clear_pointer(b: &Builder, at: Value) {
    let word = load(b, at);
    let zero = word.ty().const_int(0);
    b.store(b.select(is_pointer(b, word), zero, word), at, 1, false);
}

/// Clears the word at `at` if it is a float.
pub fn clear_float(b: &Builder, at: Value) {
    let word = load(b, at);
    let zero = word.ty().const_int(0);
    b.store(b.select(is_pointer(b, word), word, zero), at, 1, false);
}

/// Puts `word` at `at` if it is an address; if it is none, no address stays there.
pub fn put_pointer(b: &Builder, word: Value, at: Value) {
    let old = load(b, at);
    let zero = word.ty().const_int(0);
    let kept = b.select(is_pointer(b, old), zero, old);
    let address = b.icmp(IntPredicate::Ne, word, zero);
    let put = b.select(is_pointer(b, word), b.select(address, word, kept), kept);
    b.store(put, at, 1, false);
}

/// Takes the adjoint at `at`, as an i64: 0 if there is a pointer, which stays.
pub fn take_float(b: &Builder, at: Value) -> Value {
    let word = load(b, at);
    let zero = word.ty().const_int(0);
    let pointer = is_pointer(b, word);
    b.store(b.select(pointer, word, zero), at, 1, false);
    b.select(pointer, zero, word)
}

/// Adds a double to the word at `at`, unless it is 0: then the word, which may be a pointer, stays.
pub fn add_float(b: &Builder, d: Value, at: Value) {
    let old = b.load(d.ty(), at, 1, false);
    let word = b.cast(crate::llvm::Opcode::BitCast, old, b.context().i64_type());
    let clean = b.select(is_pointer(b, word), d.ty().const_null(), old);
    let sum = b.fadd(clean, d);
    let idle = b.fcmp(crate::llvm::FloatPredicate::Oeq, d, d.ty().const_null());
    b.store(b.select(idle, old, sum), at, 1, false);
}
