//! Words that are no addresses, whatever else shares the memory that they come from: what is multiplied or divided is a
//! number, and so is what is only counted with, compared, or used as an index or a size. The shadow of a number is
//! itself; the memory beside a shadow pointer need not hold it.

use rustc_hash::FxHashSet;

use super::activity::derivative_operands;
use crate::ir::{Body, CallOp, Callee, CastKind, Op, TyKind, ValueId};

/// The integers of a function that no address is made of.
pub fn numbers(body: &Body) -> FxHashSet<ValueId> {
    let mut addressed = vec![false; body.values.len()];
    let mut work: Vec<ValueId> = Vec::new();
    let mark = |addressed: &mut Vec<bool>, work: &mut Vec<ValueId>, x: ValueId| {
        if !std::mem::replace(&mut addressed[x.index()], true) {
            work.push(x);
        }
    };
    for (_, op) in body.live_insts() {
        seeds(op, |x| mark(&mut addressed, &mut work, x));
    }
    while let Some(v) = work.pop() {
        if let Some(op) = body.op(v) {
            parts(op, |x| mark(&mut addressed, &mut work, x));
        }
    }
    let is_word = |v: ValueId| match body.ty(v).kind {
        TyKind::Int { .. } => true,
        TyKind::Vector { elem, .. } => matches!(body.types.get(elem).kind, TyKind::Int { .. }),
        TyKind::Void
        | TyKind::Float(_)
        | TyKind::Ptr
        | TyKind::Array { .. }
        | TyKind::Struct { .. }
        | TyKind::Other => false,
    };
    let words = body.live_insts().filter(|(v, _)| is_word(*v));
    words
        .filter(|(v, op)| is_product(op) || !addressed[v.index()])
        .map(|(v, _)| v)
        .collect()
}

fn is_product(op: &Op) -> bool {
    matches!(op, Op::IntBin(bin, ..) if bin.is_product())
}

/// What an operation uses as an address, or hands to who may.
fn seeds(op: &Op, mut f: impl FnMut(ValueId)) {
    match op {
        Op::Load { ptr, .. } => f(*ptr),
        Op::Store { .. }
        | Op::AtomicRmw { .. }
        | Op::CmpXchg { .. }
        | Op::Ret(_)
        | Op::Unsupported(..) => op.for_each_operand(f),
        Op::MemCopy { dst, src, .. } => {
            f(*dst);
            f(*src);
        }
        Op::MemSet { dst, .. } => f(*dst),
        Op::Call(call) if is_arithmetic(call) => {}
        Op::Call(call) => handed(call, f),
        Op::FloatBin(..)
        | Op::FNeg(_)
        | Op::IntBin(..)
        | Op::ICmp(..)
        | Op::FCmp(..)
        | Op::Select { .. }
        | Op::Phi(_)
        | Op::Cast(..)
        | Op::Freeze(_)
        | Op::Alloca { .. }
        | Op::Gep { .. }
        | Op::ExtractValue { .. }
        | Op::InsertValue { .. }
        | Op::ExtractElement { .. }
        | Op::InsertElement { .. }
        | Op::Shuffle { .. }
        | Op::Fence
        | Op::LandingPad
        | Op::Br
        | Op::CondBr(_)
        | Op::Switch { .. }
        | Op::Dead => {}
    }
}

/// Comparisons with three results, minima, counts of bits: what they are given is in what they make, and nowhere else.
fn is_arithmetic(call: &CallOp) -> bool {
    matches!(call.callee, Callee::Inactive) && call.no_memory
}

fn handed(call: &CallOp, mut f: impl FnMut(ValueId)) {
    match &call.callee {
        Callee::Alloc(_) | Callee::Hint | Callee::LifetimeStart => {}
        Callee::Realloc { ptr_arg, .. } | Callee::Dealloc { ptr_arg } => {
            f(call.args[*ptr_arg as usize]);
        }
        Callee::Indirect { target } => {
            f(*target);
            call.args.iter().copied().for_each(f);
        }
        Callee::Math(_)
        | Callee::Inactive
        | Callee::ReduceFAdd
        | Callee::Defined { .. }
        | Callee::External { .. }
        | Callee::InlineAsm => call.args.iter().copied().for_each(f),
    }
}

/// What an address is made of: what a derivative flows through, which floats are no part of.
fn parts(op: &Op, mut f: impl FnMut(ValueId)) {
    match op {
        Op::IntBin(bin, ..) if bin.is_product() => {}
        Op::FloatBin(..) | Op::FNeg(_) | Op::Cast(CastKind::FpTrunc | CastKind::FpExt, _) => {}
        Op::Cast(CastKind::PtrToInt | CastKind::IntToPtr | CastKind::AddrSpace, x)
        | Op::Gep { base: x, .. } => f(*x),
        Op::Call(call) if is_arithmetic(call) => call.args.iter().copied().for_each(f),
        _ => derivative_operands(op, f),
    }
}
