//! Lanes of vectors that hold nothing in particular. LLVM makes lanes poison that nobody reads; the adjoint of the whole
//! vector reads them all, and zero times such a lane is no zero. Each gets a number at which functions have slopes.

use crate::llvm::{Builder, Function, Opcode, Value};

const TAME: f64 = 0.5;

/// Gives every lane of the function's vectors of floats a value.
pub fn define_lanes(f: Function) {
    for i in f.instructions() {
        for k in 0..i.num_operands() {
            let operand = i.operand(k);
            if let Some(tame) = tamed(operand) {
                i.set_operand(k, tame);
            }
        }
        if i.is_op(Opcode::ShuffleVector) && i.ty().scalar().is_float() {
            let mask = i.shuffle_mask();
            if mask.contains(&None) {
                let full: Vec<Option<u32>> = mask.iter().map(|m| m.or(Some(0))).collect();
                let b = Builder::before(i);
                b.set_debug_loc(i.debug_loc());
                let new = b.shuffle(i.operand(0), i.operand(1), &full);
                i.replace_all_uses_with(new);
                i.erase_from_parent();
            }
        }
    }
}

/// A constant vector with its undefined lanes defined; `None` where there are none.
fn tamed(v: Value) -> Option<Value> {
    let ty = v.ty();
    if !ty.is_vector() || !ty.scalar().is_float() || !v.is_constant() {
        return None;
    }
    let tame = ty.scalar().const_f64(TAME);
    let lanes = u32::try_from(ty.member_count()).ok().filter(|n| *n > 0)?;
    let items: Option<Vec<Value>> = (0..lanes).map(|k| v.aggregate_element(k)).collect();
    let items = items?;
    if !items.iter().any(|x| x.is_undef()) {
        return None;
    }
    let filled: Vec<Value> = items
        .into_iter()
        .map(|x| if x.is_undef() { tame } else { x })
        .collect();
    Some(ty.scalar().const_vector(&filled))
}
