//! The larger and the smaller of two integers that are the bits of floats: LLVM makes `llvm.umax` of a comparison and a choice
//! (as `hypot` orders its arguments). A choice moves a float, and an intrinsic hides that.

use super::memory::intrinsics;
use crate::llvm::{Builder, Function, IntPredicate, Opcode, Value};

/// How far a value is followed to a float.
const DEPTH: u32 = 6;

/// Writes them as a comparison and a choice again.
pub fn spell_out(f: Function) {
    use IntPredicate::{Sgt, Slt, Ugt, Ult};
    for (name, order) in [("umax", Ugt), ("umin", Ult), ("smax", Sgt), ("smin", Slt)] {
        for call in intrinsics(f, &format!("llvm.{name}.")) {
            let (x, y) = (call.arg(0), call.arg(1));
            let of_floats = comes_from_float(x, DEPTH) || comes_from_float(y, DEPTH);
            if !of_floats && !becomes_float(call, DEPTH) {
                continue;
            }
            let b = Builder::before(call);
            b.set_debug_loc(call.debug_loc());
            let chosen = b.select(b.icmp(order, x, y), x, y);
            call.replace_all_uses_with(chosen);
            call.erase_from_parent();
        }
    }
}

/// Whether bits pass from `v` to an operand of it unchanged, or all but the sign.
fn passes(v: Value) -> bool {
    [
        Opcode::And,
        Opcode::Or,
        Opcode::Xor,
        Opcode::Phi,
        Opcode::Select,
        Opcode::Freeze,
    ]
    .iter()
    .any(|op| v.is_op(*op))
        || v.is_op(Opcode::Call)
            && v.intrinsic_name().is_some_and(|name| {
                ["llvm.umax.", "llvm.umin.", "llvm.smax.", "llvm.smin."]
                    .iter()
                    .any(|start| name.starts_with(start))
            })
}

fn comes_from_float(v: Value, depth: u32) -> bool {
    if v.is_op(Opcode::BitCast) {
        return v.operand(0).ty().scalar().is_float();
    }
    depth > 0
        && passes(v)
        && v.operands()
            .into_iter()
            .any(|x| comes_from_float(x, depth - 1))
}

fn becomes_float(v: Value, depth: u32) -> bool {
    v.users().into_iter().any(|u| {
        (u.is_op(Opcode::BitCast) && u.ty().scalar().is_float())
            || depth > 0 && passes(u) && becomes_float(u, depth - 1)
    })
}
