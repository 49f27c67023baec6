//! Words that are no addresses, whatever else shares the memory that they come from: what is multiplied or divided is a
//! number, and so is what is only counted with, compared, or used as an index or a size. The shadow of a number is
//! itself; the memory beside a shadow pointer need not hold it.

use rustc_hash::FxHashSet;

use crate::ir::{Body, CallOp, Callee, CastKind, IntBin, Op, TyKind, ValueId};

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
    matches!(
        op,
        Op::IntBin(
            IntBin::Mul | IntBin::UDiv | IntBin::SDiv | IntBin::URem | IntBin::SRem,
            ..
        )
    )
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

/// What an address is made of.
fn parts(op: &Op, mut f: impl FnMut(ValueId)) {
    match op {
        Op::IntBin(..) if is_product(op) => {}
        Op::IntBin(_, a, b) => {
            f(*a);
            f(*b);
        }
        Op::Select {
            on_true, on_false, ..
        } => {
            f(*on_true);
            f(*on_false);
        }
        Op::Phi(incoming) => incoming.iter().for_each(|(_, x)| f(*x)),
        Op::Cast(kind, x) => match kind {
            CastKind::Trunc
            | CastKind::ZExt
            | CastKind::SExt
            | CastKind::PtrToInt
            | CastKind::IntToPtr
            | CastKind::Bitcast
            | CastKind::AddrSpace => f(*x),
            CastKind::FpTrunc | CastKind::FpExt | CastKind::FpToInt | CastKind::IntToFp => {}
        },
        Op::Freeze(x) => f(*x),
        Op::Gep { base, .. } => f(*base),
        Op::ExtractValue { from, .. } | Op::ExtractElement { from, .. } => f(*from),
        Op::InsertValue { into, value, .. } | Op::InsertElement { into, value, .. } => {
            f(*into);
            f(*value);
        }
        Op::Shuffle { a, b, .. } => {
            f(*a);
            f(*b);
        }
        // What these make is no part of what they were given, or was handed over already.
        Op::FloatBin(..)
        | Op::FNeg(_)
        | Op::ICmp(..)
        | Op::FCmp(..)
        | Op::Alloca { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::MemCopy { .. }
        | Op::MemSet { .. }
        | Op::Call(_)
        | Op::AtomicRmw { .. }
        | Op::CmpXchg { .. }
        | Op::Fence
        | Op::LandingPad
        | Op::Br
        | Op::CondBr(_)
        | Op::Switch { .. }
        | Op::Ret(_)
        | Op::Dead
        | Op::Unsupported(..) => {}
    }
}
