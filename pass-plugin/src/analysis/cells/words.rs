//! Integers that are told by what is done with them, whatever else shares the memory that they come from: what is only
//! hashed is no part of a float.

use rustc_hash::FxHashSet;

use crate::ir::{Body, Callee, CastKind, Const, Def, IntBin, Op, TyKind, ValueId};

/// What hashing made of numbers: a sum of a rotated word and another, or a product with a large constant, and what is
/// made of that. No byte of it is a byte of a float.
pub(super) fn churned(body: &Body) -> FxHashSet<ValueId> {
    let mut out = FxHashSet::default();
    let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
    let mut before = None;
    while before != Some(out.len()) {
        before = Some(out.len());
        for (v, op) in &insts {
            let known = |x: &ValueId| out.contains(x);
            let churns = match op {
                Op::IntBin(..) if begins(body, op) => true,
                Op::IntBin(_, a, b) => known(a) || known(b),
                Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, x) | Op::Freeze(x) => {
                    known(x)
                }
                Op::Phi(_) | Op::Select { .. } => {
                    // What was never written is no byte of a float either.
                    let undef =
                        |x: &ValueId| matches!(body.value(*x).def, Def::Const(Const::Undef));
                    let direct = merged(body, *v);
                    let any = direct.is_some_and(|from| from.iter().any(known));
                    any && sources(body, *v).iter().all(|x| known(x) || undef(x))
                }
                Op::Call(_) => rotated(body, *v).is_some_and(|x| known(&x)),
                _ => false,
            };
            if churns {
                out.insert(*v);
            }
        }
    }
    out
}

fn begins(body: &Body, op: &Op) -> bool {
    const LARGE: i128 = 1 << 16;
    let Op::IntBin(bin, a, b) = op else {
        return false;
    };
    let constant = |x: ValueId| body.const_int(x);
    match bin {
        IntBin::Mul => [*a, *b]
            .map(constant)
            .into_iter()
            .flatten()
            .any(|n| n.abs() >= LARGE),
        IntBin::Add | IntBin::Sub | IntBin::Xor => {
            let free = !body.is_const(*a) && !body.is_const(*b);
            free && (rotated(body, *a).is_some() || rotated(body, *b).is_some())
        }
        IntBin::UDiv
        | IntBin::SDiv
        | IntBin::URem
        | IntBin::SRem
        | IntBin::Shl
        | IntBin::LShr
        | IntBin::AShr
        | IntBin::And
        | IntBin::Or => false,
    }
}

/// What an intrinsic rotates.
fn rotated(body: &Body, v: ValueId) -> Option<ValueId> {
    match body.op(v) {
        Some(Op::Call(call)) if matches!(call.callee, Callee::Inactive) && call.of_bits => {
            match call.args[..] {
                [x, y, _] if x == y && !body.is_const(x) => Some(x),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Loads of integers of no more than 32 bits of which nothing is made but numbers: they are compared, count, are indices,
/// are converted to floats, or are hashed, and of the hash no more is stored than a byte (the tag in a hash table). Nobody
/// takes that for the bits of a float again.
pub(super) fn hashed(body: &Body, churned: &FxHashSet<ValueId>) -> FxHashSet<ValueId> {
    let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
    let mut kept = vec![false; body.values.len()];
    let mut grown = true;
    while grown {
        grown = false;
        let mut mark = |x: ValueId| grown |= !std::mem::replace(&mut kept[x.index()], true);
        let mut work = Vec::new();
        for (v, op) in insts.iter().rev() {
            match is_followed(body, *v, op) {
                true => work.push((*v, *op)),
                false => op.for_each_operand(|x| {
                    let tag = moves_byte(body, op, x) && churned.contains(&x);
                    if !tag && !is_harmless(op, x) {
                        mark(x);
                    }
                }),
            }
        }
        for (v, op) in work {
            if kept[v.index()] {
                op.for_each_operand(|x| grown |= !std::mem::replace(&mut kept[x.index()], true));
            }
        }
    }
    let small = |v: ValueId| matches!(body.ty(v).kind, TyKind::Int { bits: 8..=32 });
    let loads = insts
        .iter()
        .filter(|(v, op)| matches!(op, Op::Load { .. }) && small(*v) && !kept[v.index()]);
    loads.map(|(v, _)| *v).collect()
}

/// Operations on integers whose operands matter as the result does.
fn is_followed(body: &Body, v: ValueId, op: &Op) -> bool {
    let integer = |x: ValueId| matches!(body.ty(x).kind, TyKind::Int { .. });
    match op {
        Op::IntBin(..) | Op::Select { .. } | Op::Phi(_) | Op::Freeze(_) => integer(v),
        Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, _) => integer(v),
        // Rotations, and what else is made of integers alone.
        Op::Call(call) => {
            matches!(call.callee, Callee::Inactive)
                && call.no_memory
                && integer(v)
                && call.args.iter().all(|a| integer(*a))
        }
        _ => false,
    }
}

/// Whether nothing but a number can come of a value that is used so.
fn is_harmless(op: &Op, x: ValueId) -> bool {
    match op {
        Op::ICmp(..) | Op::Switch { .. } | Op::CondBr(_) | Op::MemSet { .. } => true,
        Op::Cast(CastKind::IntToFp, _) => true,
        Op::Gep { base, .. } => *base != x,
        Op::Load { .. } | Op::Alloca { .. } => true,
        Op::Store { ptr, value } => *ptr == x && *value != x,
        Op::MemCopy { dst, src, .. } => *dst != x && *src != x,
        Op::Call(call) => matches!(call.callee, Callee::Hint | Callee::LifetimeStart),
        _ => false,
    }
}

/// Whether a byte is stored, or made a vector of: that of the tag which others are compared with.
fn moves_byte(body: &Body, op: &Op, x: ValueId) -> bool {
    matches!(op, Op::Store { .. } | Op::InsertElement { .. })
        && matches!(body.ty(x).kind, TyKind::Int { bits: 8 })
}

/// What a value is, seen through merges.
pub(super) fn sources(body: &Body, v: ValueId) -> Vec<ValueId> {
    let mut seen = FxHashSet::default();
    let mut work = vec![v];
    let mut out = Vec::new();
    while let Some(v) = work.pop() {
        if !seen.insert(v) {
            continue;
        }
        match merged(body, v) {
            Some(from) => work.extend(from),
            None => out.push(v),
        }
    }
    out
}

/// What comes together in a value that is one of others.
pub(super) fn merged(body: &Body, v: ValueId) -> Option<Vec<ValueId>> {
    match body.op(v)? {
        Op::Phi(incoming) => Some(incoming.iter().map(|(_, x)| *x).collect()),
        Op::Select {
            on_true, on_false, ..
        } => Some(vec![*on_true, *on_false]),
        Op::Freeze(x) => Some(vec![*x]),
        _ => None,
    }
}
