//! Loads and stores of a part of a double become loads and stores of the whole one.

use crate::llvm::{Builder, Opcode, Value};

/// Widens the access `inst` to bytes of a double from its byte `at`.
pub fn widen(inst: Value, at: u64) {
    let stores = inst.is_op(Opcode::Store);
    let b = Builder::before(inst);
    let c = b.context();
    let word = c.i64_type();
    let pointer = inst.operand(if stores { 1 } else { 0 });
    let start = match at {
        0 => pointer,
        _ => b.ptr_add(pointer, word.const_int_signed(-(at as i64))),
    };
    let shift = word.const_int(8 * at);
    let whole = b.load(word, start, 1, false);
    if !stores {
        let part = b.cast(Opcode::Trunc, b.lshr(whole, shift), inst.ty());
        inst.replace_all_uses_with(part);
        inst.erase_from_parent();
        return;
    }
    let value = inst.operand(0);
    let bits = value.ty().int_width().unwrap_or(32);
    let ones = (u64::MAX >> (64 - bits)) << (8 * at);
    let rest = b.and(whole, word.const_int(!ones));
    let moved = b.shl(b.cast(Opcode::ZExt, value, word), shift);
    b.store(b.or(rest, moved), start, 1, false);
    inst.erase_from_parent();
}
