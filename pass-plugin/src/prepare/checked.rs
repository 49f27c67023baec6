//! Checked arithmetic. What it computes is a number of the same operands as that of the plain operation, and only that is
//! known to the analyses: as half of an intrinsic's result it might be anything, an address too (rustc makes one word of an
//! allocation's address and, where it failed, of the size that was asked for).

use super::memory::intrinsics;
use crate::llvm::{Builder, Function, Opcode, Value};

/// Reads what `llvm.umul.with.overflow` and its like compute from a plain `mul` beside it; whether it overflowed stays
/// with the intrinsic.
pub fn spell_out(f: Function) {
    const OPERATIONS: [(&str, Opcode); 3] = [
        ("mul", Opcode::Mul),
        ("add", Opcode::Add),
        ("sub", Opcode::Sub),
    ];
    for (name, opcode) in OPERATIONS {
        for sign in ["u", "s"] {
            for checked in intrinsics(f, &format!("llvm.{sign}{name}.with.overflow.")) {
                let results: Vec<Value> = checked
                    .users()
                    .into_iter()
                    .filter(|u| u.is_op(Opcode::ExtractValue) && u.indices() == [0])
                    .collect();
                if results.is_empty() {
                    continue;
                }
                let b = Builder::before(checked);
                b.set_debug_loc(checked.debug_loc());
                let plain = b.binary(opcode, checked.arg(0), checked.arg(1));
                for result in results {
                    result.replace_all_uses_with(plain);
                    result.erase_from_parent();
                }
            }
        }
    }
}
