//! The bits of a float in one register, whoever asks for them: bytes that are taken out of it in several branches (each of which
//! LLVM gave its own `bitcast`) have adjoints that are parts of one float, and are put together as bits.

use rustc_hash::FxHashMap;

use crate::llvm::{Builder, Function, Opcode, Type, Value};

pub fn share(f: Function) {
    let mut casts: FxHashMap<(Value, Type), Vec<Value>> = FxHashMap::default();
    let mut order = Vec::new();
    for i in f.instructions() {
        if i.is_op(Opcode::BitCast) && i.ty().is_integer() && i.operand(0).ty().is_float() {
            let key = (i.operand(0), i.ty());
            let known = casts.entry(key).or_default();
            if known.is_empty() {
                order.push(key);
            }
            known.push(i);
        }
    }
    for (float, ty) in order {
        let same = &casts[&(float, ty)];
        if same.len() > 1
            && let Some(place) = behind(f, float)
        {
            let bits = Builder::before(place).cast(Opcode::BitCast, float, ty);
            for cast in same {
                cast.replace_all_uses_with(bits);
                cast.erase_from_parent();
            }
        }
    }
}

/// Where a value is first known; nowhere for an invoke's, which is known in one of two blocks.
fn behind(f: Function, v: Value) -> Option<Value> {
    if v.is_argument() {
        return f.entry().first_insertion_point();
    }
    match v.opcode()? {
        Opcode::Phi => v.parent_block()?.first_insertion_point(),
        Opcode::Invoke | Opcode::CallBr => None,
        _ => v.next(),
    }
}
