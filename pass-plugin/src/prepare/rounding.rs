//! Rounding without an instruction for it: `(x + 2^52) - 2^52` has no bits left below one, so it is `rint(x)`; and the bits
//! of `x + 1.5·2^52` end in that integer. Both are how vectorised `exp` and `sin` split their argument (Eigen's among
//! them). Taken at their word these sums have slope one, where rounding has none, and the slope of the whole function
//! is lost without a sign of it. So what was rounded is detached.

use crate::llvm::{Function, Opcode, Type, TypeKind, Value};
use crate::registry::detached;

/// Detaches all that is rounded this way.
pub fn detach(f: Function) {
    for i in f.instructions() {
        let Some(magic) = sum_with_constant(i).map(|(_, c)| c) else {
            continue;
        };
        if !rounds(i.ty(), magic) {
            continue;
        }
        let mut uses = i.uses();
        while let Some(usage) = uses.pop() {
            let user = usage.user;
            let back = !user.is_op(Opcode::Call)
                && sum_with_constant(user).is_some_and(|(x, c)| x == i && c == -magic);
            if is_fence(user) {
                uses.extend(user.uses());
            } else if back || (user.is_op(Opcode::BitCast) && user.ty().scalar().is_integer()) {
                let cut = detached(user.operand(usage.operand), user);
                user.set_operand(usage.operand, cut);
            }
        }
    }
}

/// `x + c` for a constant `c`, the same in all lanes; also at the end of a fused product, where `x` is nothing.
fn sum_with_constant(i: Value) -> Option<(Value, f64)> {
    if i.is_op(Opcode::Call) {
        let name = i.intrinsic_name()?;
        let fused = ["llvm.fma.", "llvm.fmuladd."];
        return fused
            .iter()
            .any(|start| name.starts_with(start))
            .then(|| Some((i, constant(i.arg(2))?)))?;
    }
    let sign = match () {
        () if i.is_op(Opcode::FAdd) => 1.0,
        () if i.is_op(Opcode::FSub) => -1.0,
        () => return None,
    };
    let (a, b) = (i.operand(0), i.operand(1));
    match constant(b) {
        Some(c) => Some((through_fences(a), sign * c)),
        None if sign > 0.0 => Some((through_fences(b), constant(a)?)),
        None => None,
    }
}

fn through_fences(mut v: Value) -> Value {
    while is_fence(v) {
        v = v.arg(0);
    }
    v
}

fn is_fence(v: Value) -> bool {
    let is = |name: String| name.starts_with("llvm.arithmetic.fence.");
    v.is_op(Opcode::Call) && v.intrinsic_name().is_some_and(is)
}

fn constant(v: Value) -> Option<f64> {
    if !v.is_constant() {
        return None;
    }
    if !v.ty().is_vector() {
        return v.const_f64().map(|(c, _)| c);
    }
    let lanes = u32::try_from(v.ty().member_count()).ok()?;
    let first = v.aggregate_element(0)?;
    (1..lanes)
        .all(|k| v.aggregate_element(k) == Some(first))
        .then(|| constant(first))?
}

/// Whether sums with `c` are integers.
fn rounds(ty: Type, c: f64) -> bool {
    let one: f64 = match ty.scalar().kind() {
        TypeKind::Double => 2f64.powi(52),
        TypeKind::Float => 2f64.powi(23),
        _ => return false,
    };
    c.abs() == one || c.abs() == 1.5 * one
}
