//! Lanes that nobody looks at: in the primal they may be poison, but a derivative multiplies all lanes of a vector by
//! adjoints that are 0 in such lanes, and poison times 0 is poison.

use crate::llvm::{Builder, Function, Opcode, TypeKind, ValueKind};

/// Gives undefined lanes of float vectors a value.
pub fn define_lanes(f: Function) {
    for i in f.instructions() {
        if !i.ty().scalar().is_float() || !matches!(i.ty().kind(), TypeKind::Vector(_)) {
            continue;
        }
        if i.is_op(Opcode::InsertElement)
            && matches!(i.operand(0).kind(), ValueKind::Undef | ValueKind::Poison)
        {
            i.set_operand(0, i.ty().const_null());
        } else if i.is_op(Opcode::ShuffleVector) {
            for k in 0..2 {
                let x = i.operand(k);
                if matches!(x.kind(), ValueKind::Undef | ValueKind::Poison) {
                    i.set_operand(k, x.ty().const_null());
                }
            }
            let mask = i.shuffle_mask();
            if mask.iter().all(Option::is_some) {
                continue;
            }
            let defined: Vec<Option<u32>> = mask.iter().map(|m| Some(m.unwrap_or(0))).collect();
            let b = Builder::before(i);
            b.set_debug_loc(i.debug_loc());
            let again = b.shuffle(i.operand(0), i.operand(1), &defined);
            i.replace_all_uses_with(again);
            i.erase_from_parent();
        }
    }
}
