//! Which primal values, shadow pointers and tapes the adjoint of each instruction reads (the
//! "to be recorded" analysis: Hascoët, Naumann, Pascual, "TBR analysis in reverse-mode AD", 2005).
//! Read off the rules: what a partial derivative names is what is needed.

use super::activity::Activity;
use super::bits;
use super::cells::Cells;
use crate::ir::{Body, Callee, CastKind, FloatBin, LoopId, Op, Rmw, TyKind, ValueId};
use crate::rules;

/// Something of the forward sweep that the reverse sweep reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Need {
    Primal(ValueId),
    /// The shadow of a pointer.
    Shadow(ValueId),
    /// What the augmented call `v` left for its reverse.
    Tape(ValueId),
    /// The start of a loop's cache of values of one kind; made in the preheader of its cache's outermost loop.
    Base(LoopId, Element),
}

/// Which values are cached in one piece of memory. A derivative may be differentiated again, and memory whose offsets are
/// not constant holds one kind of things only, as far as the analyses can tell; pointers in it have one target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Element {
    /// Floats of this width in bytes.
    Float(u64),
    Integer,
    /// Each of these for itself.
    Primal(ValueId),
    Shadow(ValueId),
    Tape(ValueId),
    /// The base of an inner loop's cache of these.
    Base(LoopId, Inner),
}

/// What an inner loop's cache holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Inner {
    Float(u64),
    Integer,
    Value(ValueId),
    Base(LoopId),
}

impl Element {
    /// The kind of a needed value.
    pub fn of(body: &Body, need: Need) -> Element {
        let v = match need {
            Need::Primal(v) => v,
            Need::Shadow(v) => return Element::Shadow(v),
            Need::Tape(v) => return Element::Tape(v),
            Need::Base(l, element) => {
                let inner = match element {
                    Element::Float(bytes) => Inner::Float(bytes),
                    Element::Integer => Inner::Integer,
                    Element::Primal(v) | Element::Shadow(v) | Element::Tape(v) => Inner::Value(v),
                    Element::Base(m, _) => Inner::Base(m),
                };
                return Element::Base(l, inner);
            }
        };
        let kind = |ty| match &body.types.get(ty).kind {
            TyKind::Float(kind) => Element::Float(kind.bytes()),
            TyKind::Int { .. } => Element::Integer,
            TyKind::Ptr
            | TyKind::Void
            | TyKind::Vector { .. }
            | TyKind::Array { .. }
            | TyKind::Struct { .. }
            | TyKind::Other => Element::Primal(v),
        };
        let scalars = body.types.scalars(body.value(v).ty);
        let mut kinds = scalars.into_iter().map(|(_, ty)| kind(ty));
        match kinds.next() {
            Some(first) if kinds.all(|kind| kind == first) => first,
            Some(_) | None => Element::Primal(v),
        }
    }
}

/// The rule of a float instruction.
pub fn float_rule(op: FloatBin) -> &'static rules::Rule {
    rules::lookup_op(match op {
        FloatBin::Add => rules::FloatOp::Add,
        FloatBin::Sub => rules::FloatOp::Sub,
        FloatBin::Mul => rules::FloatOp::Mul,
        FloatBin::Div => rules::FloatOp::Div,
        FloatBin::Rem => rules::FloatOp::Rem,
    })
}

/// Whether the rule has a derivative with respect to its parameter `i`.
pub fn is_active_param(rule: &rules::FunctionRule, i: usize) -> bool {
    rule.rule.params().get(i) == Some(&rules::ParamKind::Float)
}

/// Whether the reverse sweep has anything to do for this instruction.
pub fn has_adjoint(cells: &Cells, act: &Activity, v: ValueId, op: &Op) -> bool {
    match op {
        Op::Store { ptr, .. } => act.is_active_memory(cells, *ptr),
        Op::MemSet { dst, .. } => act.is_active_memory(cells, *dst),
        Op::MemCopy { dst, .. } => act.is_active_memory(cells, *dst),
        Op::AtomicRmw {
            rmw: Rmw::Count, ..
        } => false,
        Op::AtomicRmw { ptr, .. } | Op::CmpXchg { ptr, .. } => act.is_active_memory(cells, *ptr),
        Op::Call(call) => match &call.callee {
            Callee::Defined { .. } => is_active_call(cells, act, v, call),
            Callee::Dealloc { .. } => false,
            _ => act.is_active(v),
        },
        Op::Ret(Some(x)) => act.is_active(*x),
        Op::Phi(_) => act.is_active(v),
        _ => act.is_active(v),
    }
}

/// Whether a call to a function with a body must be differentiated.
pub fn is_active_call(cells: &Cells, act: &Activity, v: ValueId, call: &crate::ir::CallOp) -> bool {
    act.is_active(v)
        || act.has_shadow_pointer(cells, v)
        || call.args.iter().any(|a| act.is_active(*a))
        || (!call.no_memory && call.args.iter().any(|a| act.has_shadow_pointer(cells, *a)))
        || cells
            .call_writes(v)
            .is_some_and(|nodes| nodes.into_iter().any(|n| act.is_active_node(n)))
}

/// Whether the bytes that a store writes may have held a float, whose adjoint is 0 before.
pub fn overwrites_floats(body: &Body, cells: &Cells, ptr: ValueId, value: ValueId) -> bool {
    let ty = body.ty(value);
    let scalars = body.types.scalars(body.value(value).ty);
    scalars
        .iter()
        .any(|(_, t)| body.types.float_kind(*t).is_some())
        || cells
            .touched(ptr, ty.bytes)
            .iter()
            .any(|c| c.may_be_float())
}

/// What the adjoint of `v` reads.
pub fn needs(body: &Body, cells: &Cells, act: &Activity, v: ValueId, op: &Op) -> Vec<Need> {
    if !has_adjoint(cells, act, v, op) {
        return Vec::new();
    }
    let mut out = Vec::new();
    match op {
        Op::Load { ptr, .. } | Op::Store { ptr, .. } | Op::MemSet { dst: ptr, .. }
            if act.is_guarded(cells, *ptr) =>
        {
            out.push(Need::Primal(*ptr));
        }
        Op::MemCopy { dst, src, .. } => {
            let guarded = [dst, src]
                .into_iter()
                .filter(|p| act.is_guarded(cells, **p));
            out.extend(guarded.map(|p| Need::Primal(*p)));
        }
        _ => {}
    }
    let from_rule = |rule: &rules::Rule, args: &[ValueId], out: &mut Vec<Need>| {
        let needs =
            rule.needs(|i| rule.params()[i] == rules::ParamKind::Float && act.is_active(args[i]));
        for (i, arg) in args.iter().enumerate().take(rule.params().len()) {
            if needs.param(i) {
                out.push(Need::Primal(*arg));
            }
        }
        if needs.results().next().is_some() {
            out.push(Need::Primal(v));
        }
    };
    match op {
        Op::FloatBin(bin, a, b) => from_rule(float_rule(*bin), &[*a, *b], &mut out),
        Op::FNeg(_) => {}
        Op::Select { cond, .. } => out.push(Need::Primal(*cond)),
        Op::Load { ptr, .. } => out.push(Need::Shadow(*ptr)),
        Op::Store { ptr, value } => {
            if act.is_active(*value) || overwrites_floats(body, cells, *ptr, *value) {
                out.push(Need::Shadow(*ptr));
            }
        }
        Op::MemCopy { dst, src, len, .. } => {
            out.push(Need::Shadow(*dst));
            if act.is_active_memory(cells, *src) {
                out.push(Need::Shadow(*src));
            }
            out.push(Need::Primal(*len));
        }
        Op::MemSet { dst, len, .. } => {
            out.push(Need::Shadow(*dst));
            out.push(Need::Primal(*len));
        }
        Op::ExtractElement { index, .. } | Op::InsertElement { index, .. } => {
            out.push(Need::Primal(*index));
        }
        Op::AtomicRmw { ptr, value, rmw } => {
            out.push(Need::Shadow(*ptr));
            if let Rmw::Min | Rmw::Max = rmw {
                out.push(Need::Primal(*value));
                out.push(Need::Primal(v));
            }
        }
        Op::CmpXchg { ptr, .. } => {
            out.push(Need::Shadow(*ptr));
            out.push(Need::Primal(v));
        }
        Op::Call(call) => match &call.callee {
            Callee::Math(rule) => from_rule(rule.rule, &call.args, &mut out),
            Callee::Defined { .. } => out.push(Need::Tape(v)),
            Callee::Inactive
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. }
            | Callee::LifetimeStart
            | Callee::Hint
            | Callee::ReduceFAdd
            | Callee::External { .. }
            | Callee::Indirect { .. }
            | Callee::InlineAsm => {}
        },
        Op::IntBin(..) | Op::Cast(CastKind::FpToInt | CastKind::IntToFp, _) => {
            for term in bits::terms(body, cells, v).unwrap_or_default() {
                if !act.is_active(term.operand) {
                    continue;
                }
                if term.factor.reads_operand() {
                    out.push(Need::Primal(term.operand));
                }
                if term.factor.reads_result() {
                    out.push(Need::Primal(v));
                }
                if let bits::Factor::Where { mask, .. } = term.factor {
                    out.push(Need::Primal(mask));
                }
            }
        }
        Op::ICmp(..)
        | Op::FCmp(..)
        | Op::Phi(_)
        | Op::Cast(..)
        | Op::Freeze(_)
        | Op::Alloca { .. }
        | Op::Gep { .. }
        | Op::ExtractValue { .. }
        | Op::InsertValue { .. }
        | Op::Shuffle { .. }
        | Op::Fence
        | Op::LandingPad
        | Op::Br
        | Op::CondBr(_)
        | Op::Switch { .. }
        | Op::Ret(_)
        | Op::Dead
        | Op::Unsupported(..) => {}
    }
    out
}
