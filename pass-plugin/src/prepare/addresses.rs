//! Bit arithmetic on addresses. A shadow lies elsewhere than its primal, and may be aligned in another way: what rounding
//! an address takes off it is asked of the primal, and the shadow is moved by the same. And the low bits of an address
//! are a number, not an address.

use crate::ir::PAGE;
use crate::llvm::{Builder, Function, Opcode, Value};

/// Writes `x & -16` as `x - (x & 15)`, and `(p | q) & 15` as `(p & 15) | (q & 15)`.
pub fn spell_out(f: Function) {
    let mut masked = f.instructions();
    masked.retain(|i| i.is_op(Opcode::And) && is_address(i.operand(0), 0));
    for i in masked {
        let Some(mask) = i.operand(1).const_i64() else {
            continue;
        };
        let b = Builder::before(i);
        b.set_debug_loc(i.debug_loc());
        let new = if (0..PAGE).contains(&mask) {
            low_bits(&b, i.operand(0), mask as u64)
        } else if mask < 0 && (-mask).count_ones() == 1 {
            let low = low_bits(&b, i.operand(0), !mask as u64);
            b.binary(Opcode::Sub, i.operand(0), low)
        } else {
            continue;
        };
        let x = i.operand(0);
        i.replace_all_uses_with(new);
        i.erase_from_parent();
        drop_unused(x);
    }
}

fn drop_unused(x: Value) {
    if x.is_op(Opcode::Or) && !x.is_used() {
        let operands = [x.operand(0), x.operand(1)];
        x.erase_from_parent();
        operands.into_iter().for_each(drop_unused);
    }
}

fn low_bits(b: &Builder, x: Value, mask: u64) -> Value {
    if x.is_op(Opcode::Or) && is_address(x.operand(0), 0) && is_address(x.operand(1), 0) {
        let (p, q) = (x.operand(0), x.operand(1));
        return b.binary(Opcode::Or, low_bits(b, p, mask), low_bits(b, q, mask));
    }
    b.binary(Opcode::And, x, x.ty().const_int(mask))
}

/// Whether an integer is made of an address.
fn is_address(x: Value, depth: u32) -> bool {
    let arithmetic = x.is_op(Opcode::Add) || x.is_op(Opcode::Sub) || x.is_op(Opcode::Or);
    x.is_op(Opcode::PtrToInt)
        || depth < 8
            && arithmetic
            && (is_address(x.operand(0), depth + 1) || is_address(x.operand(1), depth + 1))
}

/// A distance between two addresses that is also divided without a remainder is a multiple of the divisor. LLVM walks over
/// an array by such distances (`p + 16 * ((b - a) / 16)` is `p` plus `b - a` bytes), which then look as if they led
/// anywhere: what is known of them is written where they are used.
pub fn round_distances(f: Function) {
    for i in f.instructions() {
        let indexed = i.is_op(Opcode::GetElementPtr) && i.num_operands() == 2;
        if !indexed || i.operand(1).ty().int_width() != Some(64) {
            continue;
        }
        let by = i.operand(1);
        let Some(divisor) = exact_divisor(by) else {
            continue;
        };
        let b = Builder::before(i);
        b.set_debug_loc(i.debug_loc());
        let number = |n: u64| by.ty().const_int(n);
        let whole = match divisor.is_power_of_two() {
            true => {
                let shift = number(divisor.trailing_zeros().into());
                b.binary(Opcode::Shl, b.binary(Opcode::AShr, by, shift), shift)
            }
            false => {
                let count = b.binary(Opcode::SDiv, by, number(divisor));
                b.binary(Opcode::Mul, count, number(divisor))
            }
        };
        i.set_operand(1, whole);
    }
}

/// The largest number by which a difference is divided somewhere, if nothing is known to be left.
fn exact_divisor(x: Value) -> Option<u64> {
    if !x.is_op(Opcode::Sub) {
        return None;
    }
    let by = |user: Value| {
        let exact = user.num_operands() == 2 && user.operand(0) == x && user.poison_flags().exact;
        let n = exact.then(|| user.operand(1).const_i64()).flatten()?;
        match user.opcode() {
            Some(Opcode::AShr) if (0..63).contains(&n) => Some(1 << n),
            Some(Opcode::SDiv) => u64::try_from(n).ok(),
            _ => None,
        }
    };
    x.uses().into_iter().filter_map(|u| by(u.user)).max()
}
