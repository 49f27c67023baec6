//! Which functions may say what a pointer calls: what it is handed back by, and what can write where it lies. Those without a
//! body here may choose functions that this module does not even name.

use rustc_hash::FxHashSet;

use super::activity::{Activity, reachable_from};
use super::cells::{Cells, NodeId};
use crate::ir::{Body, CallOp, Callee, Op, ValueId};

/// The names of functions, with a body here and without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choosers {
    pub seen: Vec<String>,
    pub unseen: Vec<String>,
}

impl Choosers {
    fn add(&mut self, call: &CallOp) {
        match &call.callee {
            Callee::Defined { name } => self.seen.push(name.clone()),
            Callee::External { name } => self.unseen.push(name.clone()),
            Callee::Math(_)
            | Callee::Inactive
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. }
            | Callee::LifetimeStart
            | Callee::Hint
            | Callee::ReduceFAdd
            | Callee::Indirect { .. }
            | Callee::InlineAsm => {}
        }
    }
}

/// Where the pointer of a call comes from.
#[derive(Default)]
struct Origins {
    values: FxHashSet<ValueId>,
    /// Memory that it was loaded from.
    nodes: FxHashSet<NodeId>,
}

impl Origins {
    fn follow(&mut self, body: &Body, cells: &Cells, v: ValueId) {
        let mut work = vec![v];
        while let Some(v) = work.pop() {
            if !self.values.insert(v) {
                continue;
            }
            match body.op(v) {
                Some(Op::Load { ptr, .. }) => {
                    self.nodes
                        .extend(cells.targets(*ptr).into_iter().map(|(_, n)| n));
                    work.push(*ptr);
                }
                Some(Op::Call(_)) | None => {}
                Some(op) => op.for_each_operand(|o| work.push(o)),
            }
        }
    }
}

/// What chooses for the active calls through pointers of a body; `routed` says of a name that it is one of ours which calls
/// its first argument.
pub fn choosers(
    body: &Body,
    cells: &Cells,
    act: &Activity,
    routed: &dyn Fn(&str) -> bool,
) -> Choosers {
    let mut origins = Origins::default();
    for (v, op) in body.live_insts() {
        if let Op::Call(call) = op
            && let Callee::Defined { name } = &call.callee
            && routed(name)
            && let Some((pointer, rest)) = call.args.split_first()
        {
            let active = act.is_active(v)
                || rest.iter().any(|a| act.is_active(*a))
                || reachable_from(cells, rest)
                    .into_iter()
                    .any(|n| act.is_active_node(n));
            if active {
                origins.follow(body, cells, *pointer);
            }
        }
    }
    let mut out = Choosers::default();
    if origins.values.is_empty() {
        return out;
    }
    for (v, op) in body.live_insts() {
        if let Op::Call(call) = op {
            let writes = || {
                let reached = reachable_from(cells, &call.args);
                !call.reads_only && reached.iter().any(|n| origins.nodes.contains(n))
            };
            if origins.values.contains(&v) || writes() {
                out.add(call);
            }
        }
    }
    out
}

/// What chooses for a body that chooses itself: all that it hands pointers to, or gets some from.
pub fn handlers(body: &Body) -> Choosers {
    let has_pointer = |v: ValueId| {
        let ty = body.value(v).ty;
        let scalars = body.types.scalars(ty);
        scalars.iter().any(|(_, t)| body.types.is_ptr(*t))
    };
    let mut out = Choosers::default();
    for (v, op) in body.live_insts() {
        if let Op::Call(call) = op
            && (has_pointer(v) || call.args.iter().any(|a| has_pointer(*a)))
        {
            out.add(call);
        }
    }
    out
}
