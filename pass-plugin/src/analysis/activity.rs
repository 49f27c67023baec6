//! Which values and which memory carry derivatives: *varied* (depends on an active input) and *useful*
//! (an active output depends on it), Hascoët and Pascual (Tapenade, TOMS 2013, section 3).
//!
//! Two forward-and-backward passes over the same nodes that [`super::cells`] found. Lattice: sets, grown
//! until nothing changes; a wrong "inactive" would be a silent wrong gradient, so whatever is not
//! understood is varied and useful.

use rustc_hash::FxHashSet;

use super::bits;
use super::cells::{Cells, Class, NodeId, Root, Told};
use crate::ir::{Body, CallOp, Callee, CastKind, Op, TyKind, ValueId};
use crate::marker::request::{ArgActivity, RetActivity, Signature};

/// The result.
#[derive(Debug)]
pub struct Activity {
    varied: Vec<bool>,
    useful: Vec<bool>,
    node_varied: FxHashSet<NodeId>,
    node_useful: FxHashSet<NodeId>,
    node_shadow: FxHashSet<NodeId>,
    dup_nodes: FxHashSet<NodeId>,
    const_nodes: FxHashSet<NodeId>,
    /// Memory of variables that were declared inactive, and of nothing else.
    inactive_nodes: FxHashSet<NodeId>,
    /// Variables that get a shadow of our own.
    localised: FxHashSet<usize>,
    /// Activity is decided at run time (`enzyme_runtime_activity`).
    at_run_time: bool,
    /// Memory whose shadow may be the memory itself: then it carries no derivative.
    guarded: FxHashSet<NodeId>,
    /// Words that are no addresses.
    numbers: FxHashSet<ValueId>,
}

/// A node that carries derivatives but has no shadow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoShadow {
    /// Reached from an argument that was declared `Const` (this one, if it is known).
    ConstArg(Option<u32>),
    Global(ValueId, usize),
    /// From a call or a pointer whose origin is unknown.
    Unknown(ValueId),
}

impl Activity {
    pub const NAME: &'static str = "activity";

    /// `localised`: variables that get a shadow of our own.
    pub fn run(
        body: &Body,
        cells: &Cells,
        sig: &Signature,
        localised: &FxHashSet<usize>,
    ) -> Activity {
        let mut this = Activity {
            varied: vec![false; body.values.len()],
            useful: vec![false; body.values.len()],
            node_varied: FxHashSet::default(),
            node_useful: FxHashSet::default(),
            node_shadow: FxHashSet::default(),
            dup_nodes: FxHashSet::default(),
            const_nodes: FxHashSet::default(),
            inactive_nodes: inactive_nodes(cells),
            localised: localised.clone(),
            at_run_time: sig.runtime_activity,
            guarded: FxHashSet::default(),
            numbers: super::numbers::numbers(body),
        };
        let unshadowed: FxHashSet<NodeId> = sig
            .unshadowed
            .iter()
            .filter_map(|way| cells.follow(body, way))
            .collect();
        let nothing = FxHashSet::default();
        close(
            cells,
            unshadowed.iter().copied(),
            &nothing,
            &mut this.const_nodes,
        );
        let shadowed = |r: &Root| match r {
            Root::Global { told, id, .. } => *told == Told::Shadowed || localised.contains(id),
            Root::Arg(_) | Root::Local(_) | Root::Unknown(_) => false,
        };
        let shadowed = cells
            .nodes()
            .filter(|n| cells.roots(*n).iter().any(shadowed));
        close(
            cells,
            shadowed.collect::<Vec<_>>().into_iter(),
            &unshadowed,
            &mut this.dup_nodes,
        );
        for (i, &param) in body.params.iter().enumerate() {
            let activity = sig.args[i];
            let (without, set) = match activity {
                ArgActivity::Const => (&nothing, &mut this.const_nodes),
                ArgActivity::Dup { .. } | ArgActivity::Out | ArgActivity::DupOut => {
                    (&unshadowed, &mut this.dup_nodes)
                }
            };
            let pointees = cells.targets(param).into_iter().map(|(_, n)| n);
            close(cells, pointees, without, set);
            if activity.is_active() && carries_float(body, cells, param) {
                this.varied[param.index()] = true;
            }
        }
        this.node_varied.extend(&this.dup_nodes);
        this.node_useful.extend(&this.dup_nodes);
        let by_words = cells
            .nodes()
            .filter(|n| this.is_reached_by_words(body, cells, *n));
        let by_words: Vec<NodeId> = by_words.collect();
        this.node_varied.extend(by_words);
        if sig.ret.has_shadow() {
            let mut returned = FxHashSet::default();
            close(
                cells,
                cells.ret_targets().into_iter(),
                &unshadowed,
                &mut returned,
            );
            // The caller may write to it what is varied, and wants its shadow in any case.
            this.node_varied.extend(&returned);
            this.node_useful.extend(returned);
        }
        this.vary(body, cells);
        this.use_backwards(body, cells, sig);
        this.find_shadows(cells);
        this.guarded = cells
            .nodes()
            .filter(|n| this.has_shadow(*n))
            .filter(|n| {
                this.missing_shadow(cells, *n).is_some() || this.at_run_time && !cells.is_own(*n)
            })
            .collect();
        this
    }

    fn vary(&mut self, body: &Body, cells: &Cells) {
        let mut changed = true;
        while changed {
            changed = false;
            for (v, op) in body.live_insts() {
                let from_memory = |this: &Self, ptr: ValueId| {
                    cells
                        .target(ptr, 0)
                        .is_some_and(|(n, _)| this.node_varied.contains(&n))
                };
                let mut to_memory = |this: &mut Self, ptr: ValueId| {
                    if let Some((n, _)) = cells.target(ptr, 0) {
                        changed |= this.vary_node(n);
                    }
                };
                let mut result = false;
                match op {
                    Op::Load { ptr, .. } => result = from_memory(self, *ptr),
                    Op::Store { ptr, value } => {
                        if self.varied[value.index()] {
                            to_memory(self, *ptr);
                        }
                    }
                    Op::AtomicRmw { ptr, value, .. } => {
                        result = from_memory(self, *ptr);
                        if self.varied[value.index()] {
                            to_memory(self, *ptr);
                        }
                    }
                    Op::CmpXchg { ptr, new, .. } => {
                        result = from_memory(self, *ptr);
                        if self.varied[new.index()] {
                            to_memory(self, *ptr);
                        }
                    }
                    Op::MemCopy { dst, src, .. } => {
                        if from_memory(self, *src) {
                            to_memory(self, *dst);
                        }
                    }
                    Op::Call(call) => {
                        if self.call_is_varied(body, cells, v, call) {
                            result = true;
                            if writes_through_arguments(call) {
                                let mut nodes = call_writes(cells, v, call);
                                // What a callee of which nothing is known returns may hold all that it was given.
                                if cells.call_writes(v).is_none() {
                                    nodes.extend(reachable_from(cells, &[v]));
                                }
                                for node in nodes {
                                    // What was declared constant, no rule makes active.
                                    let constant = self.const_nodes.contains(&node)
                                        && !self.dup_nodes.contains(&node);
                                    if call.by_rule && constant {
                                        continue;
                                    }
                                    changed |= self.may_be_varied_by(cells, v, node)
                                        && self.vary_node(node);
                                }
                            }
                        }
                    }
                    _ => flows(body, cells, v, op, |x| result |= self.varied[x.index()]),
                }
                if result && carries_float(body, cells, v) && !self.varied[v.index()] {
                    self.varied[v.index()] = true;
                    changed = true;
                }
            }
        }
    }

    /// Whether memory is reached by an address that was computed of words of which nothing says that they are addresses, and
    /// which do not come from what was said to be constant: it may be that of an argument.
    fn is_reached_by_words(&self, body: &Body, cells: &Cells, n: NodeId) -> bool {
        let words = |r: &Root| match r {
            Root::Unknown(v) => match body.op(*v) {
                Some(Op::Cast(CastKind::IntToPtr, x)) => Some(*x),
                Some(Op::IntBin(..)) => Some(*v),
                _ => None,
            },
            Root::Arg(_) | Root::Local(_) | Root::Global { .. } => None,
        };
        let mut work: Vec<ValueId> = cells.roots(n).iter().filter_map(words).collect();
        let mut seen = FxHashSet::default();
        while let Some(v) = work.pop() {
            if !seen.insert(v) {
                continue;
            }
            match body.op(v) {
                Some(Op::Load { ptr, .. }) => {
                    let constant =
                        |n| self.const_nodes.contains(&n) && !self.dup_nodes.contains(&n);
                    if !cells.target(*ptr, 0).is_some_and(|(n, _)| constant(n)) {
                        return true;
                    }
                }
                Some(op) => derivative_operands(op, |x| work.push(x)),
                None => {}
            }
        }
        false
    }

    fn vary_node(&mut self, n: NodeId) -> bool {
        !self.inactive_nodes.contains(&n) && self.node_varied.insert(n)
    }

    /// What is said to be constant stays so when it is handed to code that is not looked at: that code's derivative is
    /// made for a constant argument, and is refused if it stores active data there.
    fn may_be_varied_by(&self, cells: &Cells, call: ValueId, node: NodeId) -> bool {
        !(cells.calls_unknown_code(call) && self.const_nodes.contains(&node))
    }

    fn call_is_varied(&self, body: &Body, cells: &Cells, v: ValueId, call: &CallOp) -> bool {
        match &call.callee {
            Callee::Math(rule) => call
                .args
                .iter()
                .enumerate()
                .any(|(i, a)| super::need::is_active_param(rule, i) && self.varied[a.index()]),
            Callee::Inactive if call.of_bits => {
                let roots = || call_roots(body, cells, v).into_iter();
                call.args
                    .iter()
                    .copied()
                    .chain(roots())
                    .any(|a| self.varied[a.index()])
            }
            Callee::Inactive
            | Callee::Hint
            | Callee::LifetimeStart
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. } => false,
            Callee::ReduceFAdd => call.args.iter().any(|a| self.varied[a.index()]),
            Callee::Defined { .. }
            | Callee::External { .. }
            | Callee::Indirect { .. }
            | Callee::InlineAsm => {
                call.args.iter().any(|a| self.varied[a.index()])
                    || (!call.no_memory
                        && call_reads(cells, v, call)
                            .iter()
                            .any(|n| self.node_varied.contains(n)))
            }
        }
    }

    fn use_backwards(&mut self, body: &Body, cells: &Cells, sig: &Signature) {
        let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (v, op) in insts.iter().rev() {
                let node = |ptr: ValueId| cells.target(ptr, 0).map(|(n, _)| n);
                let useful_memory = |this: &Self, ptr: ValueId| {
                    node(ptr).is_some_and(|n| this.node_useful.contains(&n))
                };
                let mut mark = |this: &mut Self, x: ValueId| {
                    if !this.useful[x.index()] {
                        this.useful[x.index()] = true;
                        changed = true;
                    }
                };
                match op {
                    Op::Load { ptr, .. } => {
                        if self.useful[v.index()]
                            && carries_float(body, cells, *v)
                            && let Some(n) = node(*ptr)
                        {
                            changed |= self.node_useful.insert(n);
                        }
                    }
                    Op::Store { ptr, value } => {
                        if useful_memory(self, *ptr) {
                            mark(self, *value);
                        }
                    }
                    Op::AtomicRmw { ptr, value, .. }
                    | Op::CmpXchg {
                        ptr, new: value, ..
                    } => {
                        if useful_memory(self, *ptr) || self.useful[v.index()] {
                            mark(self, *value);
                            if let Some(n) = node(*ptr) {
                                changed |= self.node_useful.insert(n);
                            }
                        }
                    }
                    Op::MemCopy { dst, src, .. } => {
                        if useful_memory(self, *dst)
                            && let Some(n) = node(*src)
                        {
                            changed |= self.node_useful.insert(n);
                        }
                    }
                    Op::Ret(Some(x)) => {
                        if sig.ret != RetActivity::Const {
                            mark(self, *x);
                        }
                    }
                    Op::Call(call) => {
                        let nodes = call_reads(cells, *v, call);
                        let written = call_writes(cells, *v, call);
                        let opaque = matches!(
                            call.callee,
                            Callee::Defined { .. }
                                | Callee::External { .. }
                                | Callee::Indirect { .. }
                                | Callee::InlineAsm
                        );
                        let into_memory = opaque
                            && !call.no_memory
                            && !call.reads_only
                            && written.iter().any(|n| self.node_useful.contains(n));
                        let returned = cells
                            .targets(*v)
                            .iter()
                            .any(|(_, n)| self.node_useful.contains(n));
                        if self.useful[v.index()] || into_memory || (opaque && returned) {
                            call.args.iter().for_each(|a| mark(self, *a));
                            if call.of_bits {
                                let roots = call_roots(body, cells, *v);
                                roots.into_iter().for_each(|x| mark(self, x));
                            }
                            if opaque && !call.no_memory {
                                for n in nodes {
                                    changed |= self.node_useful.insert(n);
                                }
                            }
                        }
                    }
                    _ => {
                        if self.useful[v.index()] {
                            flows(body, cells, *v, op, |x| mark(self, x));
                        }
                    }
                }
            }
        }
    }

    fn find_shadows(&mut self, cells: &Cells) {
        let nodes: Vec<NodeId> = cells.nodes().collect();
        let mut shadow: FxHashSet<NodeId> = nodes
            .iter()
            .copied()
            .filter(|n| self.node_varied.contains(n) && self.node_useful.contains(n))
            .filter(|n| !cells.is_code(*n))
            .collect();
        let mut changed = true;
        while changed {
            changed = false;
            for &n in &nodes {
                if !shadow.contains(&n)
                    && !cells.is_code(n)
                    && cells.pointees(n).iter().any(|p| shadow.contains(p))
                {
                    shadow.insert(n);
                    changed = true;
                }
            }
        }
        self.node_shadow = shadow;
    }

    // ---- answers ----

    /// The value carries a derivative.
    pub fn is_active(&self, v: ValueId) -> bool {
        self.varied[v.index()] && self.useful[v.index()]
    }

    pub fn is_varied(&self, v: ValueId) -> bool {
        self.varied[v.index()]
    }

    /// The memory depends on what is active.
    pub fn is_varied_node(&self, n: NodeId) -> bool {
        self.node_varied.contains(&n)
    }

    /// The memory carries derivatives.
    pub fn is_active_node(&self, n: NodeId) -> bool {
        self.node_varied.contains(&n) && self.node_useful.contains(&n)
    }

    /// The memory has a shadow: it carries derivatives or points to such memory.
    pub fn has_shadow(&self, n: NodeId) -> bool {
        self.node_shadow.contains(&n)
    }

    /// The register holds a pointer to memory that has a shadow.
    pub fn has_shadow_pointer(&self, cells: &Cells, v: ValueId) -> bool {
        let leads_to = |(_, n): &(u64, NodeId)| self.has_shadow(*n);
        cells.targets(v).iter().any(leads_to) && !self.numbers.contains(&v)
    }

    /// The memory that a pointer points to carries derivatives.
    pub fn is_active_memory(&self, cells: &Cells, ptr: ValueId) -> bool {
        cells
            .target(ptr, 0)
            .is_some_and(|(n, _)| self.is_active_node(n))
    }

    /// Whether the shadow of the memory behind a pointer may be that memory itself: the pointer is then inactive.
    pub fn is_guarded(&self, cells: &Cells, ptr: ValueId) -> bool {
        cells
            .target(ptr, 0)
            .is_some_and(|(n, _)| self.guarded.contains(&n))
    }

    /// Whether such memory can be reached through a pointer.
    pub fn reaches_guarded(&self, cells: &Cells, args: &[ValueId]) -> bool {
        reachable_from(cells, args)
            .iter()
            .any(|n| self.guarded.contains(n))
    }

    /// Whether a node without a shadow of its own may be used so: what is stored there is lost if the user said that
    /// activity is decided at run time; else it may only be read.
    pub fn may_be_inactive(&self, why: NoShadow, read: bool) -> bool {
        match why {
            NoShadow::ConstArg(_) => self.at_run_time || read,
            NoShadow::Global(..) => self.at_run_time,
            NoShadow::Unknown(_) => false,
        }
    }

    /// Why a node that needs a shadow has none.
    pub fn missing_shadow(&self, cells: &Cells, n: NodeId) -> Option<NoShadow> {
        let declared_const = self.const_nodes.contains(&n);
        let argument = cells.roots(n).iter().find_map(|r| match r {
            Root::Arg(i) => Some(*i),
            Root::Local(_) | Root::Global { .. } | Root::Unknown(_) => None,
        });
        if declared_const {
            return Some(NoShadow::ConstArg(argument));
        }
        cells.roots(n).iter().find_map(|root| match root {
            Root::Arg(i) => (!self.dup_nodes.contains(&n)).then_some(NoShadow::ConstArg(Some(*i))),
            Root::Local(_) => None,
            Root::Global { constant: true, .. } => None,
            Root::Global {
                told: Told::Inactive | Told::Shadowed,
                ..
            } => None,
            Root::Global { id, .. } if self.localised.contains(id) => None,
            Root::Global { value, id, .. } => Some(NoShadow::Global(*value, *id)),
            Root::Unknown(v) => (!self.dup_nodes.contains(&n)).then_some(NoShadow::Unknown(*v)),
        })
    }
}

fn inactive_nodes(cells: &Cells) -> FxHashSet<NodeId> {
    let inactive = |r: &Root| matches!(r, Root::Global { told, .. } if *told == Told::Inactive);
    cells
        .nodes()
        .filter(|n| {
            let roots = cells.roots(*n);
            !roots.is_empty() && roots.iter().all(inactive)
        })
        .collect()
}

/// Adds all nodes that are reached from `start`, but for those `without` and what only they lead to.
fn close(
    cells: &Cells,
    start: impl Iterator<Item = NodeId>,
    without: &FxHashSet<NodeId>,
    set: &mut FxHashSet<NodeId>,
) {
    let mut work: Vec<NodeId> = start.collect();
    while let Some(n) = work.pop() {
        if !without.contains(&n) && set.insert(n) {
            work.extend(cells.pointees(n));
        }
    }
}

/// The memory with floats that a call may write.
pub fn call_writes(cells: &Cells, v: ValueId, call: &CallOp) -> Vec<NodeId> {
    let mut nodes = cells
        .call_writes(v)
        .unwrap_or_else(|| all_of(cells, v, call));
    nodes.retain(|n| cells.may_hold_floats(*n));
    nodes
}

/// The memory with floats that a call may read.
pub fn call_reads(cells: &Cells, v: ValueId, call: &CallOp) -> Vec<NodeId> {
    let mut nodes = cells
        .call_reads(v)
        .unwrap_or_else(|| all_of(cells, v, call));
    nodes.retain(|n| cells.may_hold_floats(*n));
    nodes
}

/// All that a call gets and gives.
fn all_of(cells: &Cells, v: ValueId, call: &CallOp) -> Vec<NodeId> {
    let values: Vec<ValueId> = call.args.iter().copied().chain([v]).collect();
    reachable_from(cells, &values).into_iter().collect()
}

/// The memory that a callee can reach through these arguments.
pub fn reachable_from(cells: &Cells, args: &[ValueId]) -> FxHashSet<NodeId> {
    let mut set = FxHashSet::default();
    let start = args.iter().flat_map(|a| cells.targets(*a)).map(|(_, n)| n);
    close(cells, start, &FxHashSet::default(), &mut set);
    set
}

fn writes_through_arguments(call: &CallOp) -> bool {
    match call.callee {
        Callee::Defined { .. }
        | Callee::External { .. }
        | Callee::Indirect { .. }
        | Callee::InlineAsm => !call.reads_only && !call.no_memory,
        Callee::Math(_)
        | Callee::Inactive
        | Callee::Alloc(_)
        | Callee::Dealloc { .. }
        | Callee::Realloc { .. }
        | Callee::LifetimeStart
        | Callee::Hint
        | Callee::ReduceFAdd => false,
    }
}

/// Whether the bytes of a register may hold a float.
pub fn carries_float(body: &Body, cells: &Cells, v: ValueId) -> bool {
    if body.is_const(v) {
        return false;
    }
    let mut known = 0;
    for (_, class) in cells.value(v) {
        match class {
            Class::Float(_) | Class::Piece(_) => return true,
            Class::IntOrFloat(_) | Class::PtrOrFloat | Class::Conflict => {
                return !is_arithmetic(body, v);
            }
            Class::Unknown => {}
            Class::Int | Class::Ptr => known += 1,
        }
    }
    let scalars = body.types.scalars(body.value(v).ty);
    // Whatever has no evidence at all may be a float's bits.
    known < scalars.len()
        && scalars
            .iter()
            .any(|(_, ty)| match body.types.get(*ty).kind {
                TyKind::Int { bits } => bits >= 32,
                TyKind::Float(_) => true,
                TyKind::Void
                | TyKind::Ptr
                | TyKind::Vector { .. }
                | TyKind::Array { .. }
                | TyKind::Struct { .. }
                | TyKind::Other => false,
            })
}

/// Results of integer arithmetic that no trick on the bits of floats needs: stored over a float, they begin anew.
fn is_arithmetic(body: &Body, v: ValueId) -> bool {
    matches!(body.op(v), Some(Op::IntBin(bin, ..)) if bin.is_product())
}

/// The floats of whose bits a call's integers are made.
fn call_roots(body: &Body, cells: &Cells, v: ValueId) -> Vec<ValueId> {
    body.op(v)
        .map_or_else(Vec::new, |op| bits::roots(body, cells, op))
}

/// Where the derivative of a register comes from: the operands, or, through arithmetic on the bits of floats, what
/// those were made of.
fn flows(body: &Body, cells: &Cells, v: ValueId, op: &Op, mut f: impl FnMut(ValueId)) {
    if let Op::IntBin(..) | Op::Cast(CastKind::FpToInt | CastKind::IntToFp, _) = op {
        match bits::terms(body, cells, v) {
            Some(terms) => {
                terms.iter().for_each(|t| f(t.operand));
                return;
            }
            // Integers in between are no floats, and would hide that the result depends on some: it is refused.
            None if carries_float(body, cells, v) => {
                bits::roots(body, cells, op).into_iter().for_each(&mut f);
            }
            None => {}
        }
    }
    derivative_operands(op, f);
}

/// The operands through which a derivative flows from register to register. Memory and calls are the
/// callers' business.
pub fn derivative_operands(op: &Op, mut f: impl FnMut(ValueId)) {
    match op {
        Op::FloatBin(_, a, b) | Op::IntBin(_, a, b) => {
            f(*a);
            f(*b);
        }
        Op::FNeg(a) | Op::Freeze(a) => f(*a),
        Op::Cast(kind, a) => match kind {
            CastKind::FpTrunc
            | CastKind::FpExt
            | CastKind::Bitcast
            | CastKind::Trunc
            | CastKind::ZExt
            | CastKind::SExt => f(*a),
            CastKind::FpToInt
            | CastKind::IntToFp
            | CastKind::PtrToInt
            | CastKind::IntToPtr
            | CastKind::AddrSpace => {}
        },
        Op::Select {
            on_true, on_false, ..
        } => {
            f(*on_true);
            f(*on_false);
        }
        Op::Phi(incoming) => incoming.iter().for_each(|(_, x)| f(*x)),
        Op::ExtractValue { from, .. } | Op::ExtractElement { from, .. } => f(*from),
        Op::InsertValue { into, value, .. } | Op::InsertElement { into, value, .. } => {
            f(*into);
            f(*value);
        }
        Op::Shuffle { a, b, .. } => {
            f(*a);
            f(*b);
        }
        Op::ICmp(..)
        | Op::FCmp(..)
        | Op::Alloca { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::Gep { .. }
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
