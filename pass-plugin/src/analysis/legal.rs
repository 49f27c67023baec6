//! What the engine refuses to differentiate, found before anything is emitted: refuse, never guess.

use super::activity::{
    Activity, NoShadow, call_reads, call_writes, derivative_operands, reachable_from,
};
use super::bits;
use super::cells::{Cells, Class, NodeId, Root, Told};
use super::need::is_active_param;
use crate::ir::{Body, CallOp, Callee, CastKind, IntBin, Op, TyKind, ValueId};
use crate::rules;
use rustc_hash::FxHashSet;

/// A refusal as plain data; the message is made where the source locations are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Illegal {
    /// A call of a function without a body, on active data.
    NoBody(ValueId, String),
    Indirect(ValueId),
    Asm(ValueId),
    Unsupported(ValueId, String),
    /// Integer arithmetic on the bits of active floats that is not understood.
    Bits(ValueId),
    /// Active memory without a shadow; `at` uses it.
    NoShadow {
        at: ValueId,
        why: NoShadow,
    },
    /// Bytes that may be those of floats or addresses are moved one by one.
    Untyped(ValueId),
    Irreducible,
}

/// The first thing that can't be differentiated.
pub fn check(body: &Body, cells: &Cells, act: &Activity) -> Result<(), Illegal> {
    if body.cfg.irreducible().is_some_and(|b| body.cfg.is_live(b)) {
        return Err(Illegal::Irreducible);
    }
    // A copy of these is not valid wherever it stands, also where the function never returns.
    for (v, op) in body.insts() {
        if let Op::Unsupported(name, _) = op
            && is_control(name)
        {
            return Err(Illegal::Unsupported(v, name.clone()));
        }
    }
    for (v, op) in body.live_insts() {
        match op {
            Op::Call(call) => {
                let reaches_active = || {
                    call.args.iter().any(|a| act.is_active(*a))
                        || act.is_active(v)
                        || (!call.no_memory
                            && reachable_from(cells, &call.args)
                                .into_iter()
                                .any(|n| act.is_active_node(n)))
                };
                match &call.callee {
                    Callee::Inactive if call.moves_text && loses_text(cells, act, call) => {
                        let what = "a string whose characters may lie among data";
                        return Err(Illegal::Unsupported(v, what.into()));
                    }
                    Callee::Inactive if call.takes_text && hides_in_text(cells, act, call) => {
                        return Err(Illegal::Unsupported(v, TEXT.into()));
                    }
                    Callee::External { name } if reaches_active() || exposes(cells, act, name) => {
                        return Err(Illegal::NoBody(v, name.clone()));
                    }
                    Callee::Indirect { .. } if reaches_active() => {
                        return Err(Illegal::Indirect(v));
                    }
                    Callee::InlineAsm if reaches_active() => return Err(Illegal::Asm(v)),
                    Callee::Inactive if call.of_bits && act.is_active(v) => {
                        return Err(Illegal::Bits(v));
                    }
                    Callee::Math(rule) if stores_active(rule, call, act) => {
                        let what = format!("call {}", rule.rule.name());
                        return Err(Illegal::Unsupported(v, what));
                    }
                    Callee::Defined { .. } => {
                        let mut nodes = call_reads(cells, v, call);
                        nodes.extend(call_writes(cells, v, call));
                        let shadowed = nodes.into_iter().filter(|n| act.has_shadow(*n));
                        let mut missing = shadowed
                            .filter_map(|n| act.missing_shadow(cells, n))
                            .filter(|why| !act.may_be_inactive(*why, false));
                        if let Some(why) = missing.next() {
                            return Err(Illegal::NoShadow { at: v, why });
                        }
                    }
                    Callee::External { .. }
                    | Callee::Indirect { .. }
                    | Callee::InlineAsm
                    | Callee::Math(_)
                    | Callee::Inactive
                    | Callee::Alloc(_)
                    | Callee::Dealloc { .. }
                    | Callee::Realloc { .. }
                    | Callee::LifetimeStart
                    | Callee::Hint
                    | Callee::ReduceFAdd => {}
                }
            }
            Op::IntBin(..) | Op::Cast(CastKind::IntToFp, _)
                if act.is_active(v)
                    && !cells.value(v).any(|(_, c)| matches!(c, Class::Piece(_)))
                    && bits::terms(body, cells, v).is_none() =>
            {
                return Err(Illegal::Bits(v));
            }
            // Which of the two is the pointer and which the offset is not known.
            Op::IntBin(_, a, b)
                if act.has_shadow_pointer(cells, *a)
                    && act.has_shadow_pointer(cells, *b)
                    && act.has_shadow_pointer(cells, v) =>
            {
                return Err(Illegal::Unsupported(
                    v,
                    "integer arithmetic on two addresses".into(),
                ));
            }
            Op::Store { .. } | Op::MemCopy { .. } if becomes_text(cells, act, op) => {
                return Err(Illegal::Unsupported(v, TEXT.into()));
            }
            Op::Cast(CastKind::IntToPtr, x) if holds_float(body, act, *x) => {
                let what = "an address made of the bits of a float".to_owned();
                return Err(Illegal::Unsupported(v, what));
            }
            Op::Store { ptr, value }
                if moves_unseen(body, cells, act, *ptr, *value)
                    || moves_address(body, cells, act, *value) =>
            {
                return Err(Illegal::Untyped(v));
            }
            Op::Unsupported(name, _) => {
                // What it does with them is not known, so neither is whether it matters.
                let leads = |x| cells.targets(x).iter().any(|(_, n)| act.is_active_node(*n));
                let mut active = op.is_terminator() || leads(v);
                op.for_each_operand(|x| active |= act.is_varied(x) || leads(x));
                if active || act.is_active(v) {
                    return Err(Illegal::Unsupported(v, name.clone()));
                }
            }
            _ => {}
        }
        if let Op::Shuffle { .. } | Op::ExtractElement { .. } | Op::InsertElement { .. } = op
            && act.is_active(v)
            && splits_floats(body, cells, v, op)
        {
            let what = "rearrangement of pieces of floats".to_owned();
            return Err(Illegal::Unsupported(v, what));
        }
        if let Op::AtomicRmw { ptr, .. } | Op::CmpXchg { ptr, .. } = op
            && act.is_guarded(cells, *ptr)
        {
            let what = "atomic access to memory that may be inactive".to_owned();
            return Err(Illegal::Unsupported(v, what));
        }
        let pointer = match op {
            Op::Load { ptr, .. } if act.is_active(v) || act.has_shadow_pointer(cells, v) => *ptr,
            Op::Store { ptr, .. } | Op::MemSet { dst: ptr, .. } | Op::MemCopy { dst: ptr, .. } => {
                *ptr
            }
            Op::AtomicRmw { ptr, .. } | Op::CmpXchg { ptr, .. } => *ptr,
            _ => continue,
        };
        let Some((node, _)) = cells.target(pointer, 0) else {
            continue;
        };
        if act.has_shadow(node)
            && let Some(why) = act.missing_shadow(cells, node)
            && !act.may_be_inactive(why, matches!(op, Op::Load { .. }))
        {
            return Err(Illegal::NoShadow { at: v, why });
        }
    }
    Ok(())
}

/// Bytes from active memory to active memory that others look at, of which nothing here says what they are.
fn moves_unseen(body: &Body, cells: &Cells, act: &Activity, ptr: ValueId, value: ValueId) -> bool {
    let open = |p: ValueId| {
        let node = cells.target(p, 0).map(|(n, _)| n);
        node.is_some_and(|n| act.is_active_node(n) && !cells.is_known(n))
    };
    let from = match body.op(value) {
        Some(Op::Load { ptr, .. }) => open(*ptr),
        _ => true,
    };
    from && open(ptr) && cells.is_presumed(body, ptr, value)
}

const TEXT: &str = "floats among the characters of a string";

/// Whether a member of a string is given bytes of floats that depend on active data: of characters nobody has a derivative.
fn hides_in_text(cells: &Cells, act: &Activity, call: &CallOp) -> bool {
    let mut given = call.args.iter().skip(1);
    given.any(|a| act.is_varied(*a) || has_varied_float(cells, act, *a))
}

/// Whether floats that depend on active data begin where a pointer points to.
fn has_varied_float(cells: &Cells, act: &Activity, ptr: ValueId) -> bool {
    let node = cells.target(ptr, 0).map(|(n, _)| n);
    let varied = |n| act.is_varied_node(n) && !cells.is_text(n);
    node.is_some_and(varied) && cells.memory(ptr, Some(1), 1).any_float()
}

/// Whether bytes of such floats become characters.
fn becomes_text(cells: &Cells, act: &Activity, op: &Op) -> bool {
    let text = |p: ValueId| cells.target(p, 0).is_some_and(|(n, _)| cells.is_text(n));
    match op {
        Op::Store { ptr, value } => text(*ptr) && act.is_varied(*value),
        Op::MemCopy { dst, src, .. } => text(*dst) && has_varied_float(cells, act, *src),
        _ => false,
    }
}

/// A string whose pointer the call changes, but not in its shadow, which is looked at again: what it points to has one.
fn loses_text(cells: &Cells, act: &Activity, call: &CallOp) -> bool {
    let Some((node, offset)) = call.args.first().and_then(|s| cells.target(*s, 0)) else {
        return false;
    };
    let characters = cells.pointee_at(node, offset.at);
    !cells.knows_text() && act.has_shadow(node) && characters.is_some_and(|n| act.has_shadow(n))
}

/// Whether an integer holds what a register for floats holds, and that varies: an address that went through it has left its
/// shadow behind; and a float that is put beside half of an address, in one register for the variants of an enum, has none.
fn holds_float(body: &Body, act: &Activity, v: ValueId) -> bool {
    let mut seen = FxHashSet::default();
    let mut work = vec![v];
    while let Some(v) = work.pop() {
        if !seen.insert(v) {
            continue;
        }
        match body.op(v) {
            Some(Op::Cast(CastKind::Bitcast, x))
                if matches!(body.ty(*x).kind, TyKind::Float(_)) && act.is_varied(*x) =>
            {
                return true;
            }
            Some(
                op @ (Op::IntBin(IntBin::Or | IntBin::Shl, ..)
                | Op::Cast(CastKind::ZExt | CastKind::Trunc, _)
                | Op::Phi(_)
                | Op::Select { .. }
                | Op::Freeze(_)),
            ) => derivative_operands(op, |x| work.push(x)),
            _ => {}
        }
    }
    false
}

/// Parts of an address whose memory has a shadow: that of the address is not moved with them.
fn moves_address(body: &Body, cells: &Cells, act: &Activity, value: ValueId) -> bool {
    let Some(Op::Load { ptr, .. }) = body.op(value) else {
        return false;
    };
    let len = body.ty(value).bytes;
    let mut leads_to = cells.parts_of_pointers(*ptr, value, len).into_iter();
    leads_to.any(|n| act.has_shadow(n)) && !cells.is_number_field(body, *ptr, len)
}

/// Whether a function whose body is not here may use variables that carry a derivative: others of the program may, those
/// of libraries don't know them.
fn exposes(cells: &Cells, act: &Activity, name: &str) -> bool {
    let exposed = |r: &Root| {
        matches!(
            r,
            Root::Global {
                constant: false,
                told: Told::Exposed,
                ..
            }
        )
    };
    let library = name.starts_with("__")
        || ["_ZS", "_ZNS", "_ZNKS", "_ZTh", "_ZTv"]
            .iter()
            .any(|start| name.starts_with(start));
    !library
        && cells
            .nodes()
            .any(|n| act.is_active_node(n) && cells.roots(n).iter().any(exposed))
}

/// The loads of floats from exceptions that are caught here, where one is thrown here that holds active data: the object
/// goes through the run-time library, and its shadow does not.
pub fn thrown(body: &Body, cells: &Cells, act: &Activity) -> Vec<ValueId> {
    let calls = |v: ValueId, names: &[&str]| match body.op(v) {
        Some(Op::Call(CallOp {
            callee: Callee::External { name },
            ..
        })) => names.contains(&name.as_str()),
        _ => false,
    };
    let node = |p: ValueId| cells.target(p, 0).map(|(n, _)| n);
    let active = body.live_insts().any(|(v, op)| match op {
        Op::Call(call) if calls(v, &["__cxa_throw"]) => {
            let object = call.args.first().and_then(|p| node(*p));
            object.is_some_and(|n| act.is_varied_node(n))
        }
        _ => false,
    });
    if !active {
        return Vec::new();
    }
    let handlers = ["__cxa_begin_catch", "__cxa_get_exception_ptr"];
    let caught: Vec<NodeId> = body
        .live_insts()
        .filter(|(v, _)| calls(*v, &handlers))
        .filter_map(|(v, _)| node(v))
        .collect();
    let comes_from = |p: ValueId| node(p).is_some_and(|n| caught.contains(&n));
    let loads = body.live_insts().filter(|(v, op)| match op {
        Op::Load { ptr, .. } => cells.value(*v).any(|(_, c)| c.may_be_float()) && comes_from(*ptr),
        Op::MemCopy { src, .. } => comes_from(*src),
        _ => false,
    });
    loads.map(|(v, _)| v).collect()
}

/// Whether lanes of integers are rearranged that are narrower than the floats in them.
fn splits_floats(body: &Body, cells: &Cells, v: ValueId, op: &Op) -> bool {
    let mut found = false;
    let mut look = |x: ValueId| {
        if let TyKind::Vector { elem, .. } = body.ty(x).kind
            && let TyKind::Int { bits } = body.types.get(elem).kind
        {
            let lane = u64::from(bits) / 8;
            found |= cells
                .value(x)
                .any(|(_, c)| c.may_be_float() && c.bytes() > lane);
        }
    };
    look(v);
    op.for_each_operand(look);
    found
}

/// A function whose float results go to memory, of an argument that carries a derivative: prepare makes values
/// of such results wherever LLVM has an intrinsic for it.
fn stores_active(rule: &rules::FunctionRule, call: &CallOp, act: &Activity) -> bool {
    let results = rule.rule.results().iter().enumerate();
    let mut stored = results.filter(|(k, r)| {
        r.kind == rules::ParamKind::Float && matches!(rule.place(*k), rules::Place::Pointer(_))
    });
    let mut args = call.args.iter().enumerate();
    stored.next().is_some() && args.any(|(i, a)| is_active_param(rule, i) && act.is_varied(*a))
}

fn is_control(name: &str) -> bool {
    matches!(
        name,
        "indirectbr" | "callbr" | "cleanupret" | "catchret" | "catchswitch" | "llvm.coro"
    )
}
