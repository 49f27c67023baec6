//! Can a load be redone in the reverse sweep? Only when nothing that runs after it may write to what it
//! read.
//!
//! Asked per memory node, not per pointer pair: an answer must hold across the iterations of every loop
//! that holds both accesses, so pointers that vary in such a loop stand for all of their object.
//! `!noalias` scopes count only where their declaration is outside of all common loops (LLVM LangRef,
//! `llvm.experimental.noalias.scope.decl`).
//!
//! Frees are no writes: the plan moves them behind the reverse sweep.

use rustc_hash::{FxHashMap, FxHashSet};

use super::activity::reachable_from;
use super::cells::{Cells, NodeId, Root};
use super::offset::{Offset, gcd};
use crate::ir::{BlockId, Body, Callee, Op, ValueId};
use crate::marker::request::{Mode, Signature};

struct Write {
    inst: ValueId,
    block: BlockId,
    position: usize,
    offset: Offset,
    len: Option<u64>,
}

/// The result.
pub struct Clobber {
    writes: FxHashMap<NodeId, Vec<Write>>,
    /// Nodes that pointers of unknown origin may point to.
    exposed: FxHashSet<NodeId>,
    position: FxHashMap<ValueId, usize>,
    /// Split mode: the only memory of the callers' that they leave as it is until the reverse sweep.
    kept: Option<FxHashSet<NodeId>>,
}

impl Clobber {
    pub const NAME: &'static str = "clobber";

    pub fn run(body: &Body, cells: &Cells, sig: &Signature) -> Clobber {
        let mut this = Clobber {
            writes: FxHashMap::default(),
            exposed: exposed_nodes(body, cells, sig.distinct_args),
            kept: match sig.mode {
                Mode::ReverseSplit => Some(kept_nodes(body, cells, sig)),
                Mode::ReverseCombined | Mode::Forward => None,
            },
            position: FxHashMap::default(),
        };
        for b in body.cfg.rpo() {
            for (position, v) in body.block(*b).insts.iter().enumerate() {
                this.position.insert(*v, position);
            }
        }
        for (v, op) in body.live_insts() {
            let const_len =
                |len: &ValueId| body.const_int(*len).and_then(|n| u64::try_from(n).ok());
            match op {
                Op::Store { ptr, value } | Op::AtomicRmw { ptr, value, .. } => {
                    this.add(body, cells, v, *ptr, Some(body.ty(*value).bytes));
                }
                Op::CmpXchg { ptr, new, .. } => {
                    this.add(body, cells, v, *ptr, Some(body.ty(*new).bytes));
                }
                Op::MemCopy { dst, len, .. } | Op::MemSet { dst, len, .. } => {
                    this.add(body, cells, v, *dst, const_len(len));
                }
                Op::Call(call) => match &call.callee {
                    Callee::Defined { .. }
                    | Callee::External { .. }
                    | Callee::Indirect { .. }
                    | Callee::InlineAsm => {
                        if !call.reads_only && !call.no_memory {
                            let nodes: FxHashSet<NodeId> = match cells.call_writes(v) {
                                Some(nodes) => {
                                    nodes.into_iter().chain(cells.call_frees(v)).collect()
                                }
                                None => {
                                    let mut all = reachable_from(cells, &call.args);
                                    all.extend(this.exposed.iter().copied());
                                    all
                                }
                            };
                            for node in nodes {
                                this.add_node(body, v, node, Offset::anywhere(), None);
                            }
                        }
                    }
                    Callee::Inactive if call.writes_anywhere => {
                        let mut nodes = reachable_from(cells, &call.args);
                        nodes.extend(this.exposed.iter().copied());
                        for node in nodes {
                            this.add_node(body, v, node, Offset::anywhere(), None);
                        }
                    }
                    Callee::Inactive => {
                        if !call.reads_only && !call.no_memory {
                            for node in reachable_from(cells, &call.args) {
                                this.add_node(body, v, node, Offset::anywhere(), None);
                            }
                        }
                    }
                    Callee::Math(_) => {
                        if !call.reads_only && !call.no_memory {
                            for a in &call.args {
                                if cells.is_pointer(*a) {
                                    this.add(body, cells, v, *a, None);
                                }
                            }
                        }
                    }
                    Callee::Alloc(_)
                    | Callee::Dealloc { .. }
                    | Callee::Realloc { .. }
                    | Callee::LifetimeStart
                    | Callee::Hint
                    | Callee::ReduceFAdd => {}
                },
                Op::Unsupported(..) => {
                    for node in cells.nodes().collect::<Vec<_>>() {
                        this.add_node(body, v, node, Offset::anywhere(), None);
                    }
                }
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
                | Op::Load { .. }
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
                | Op::Ret(_)
                | Op::Dead => {}
            }
        }
        this
    }

    fn add(&mut self, body: &Body, cells: &Cells, v: ValueId, ptr: ValueId, len: Option<u64>) {
        if let Some((node, offset)) = cells.target(ptr, 0) {
            self.add_node(body, v, node, offset, len);
        }
    }

    fn add_node(
        &mut self,
        body: &Body,
        inst: ValueId,
        node: NodeId,
        offset: Offset,
        len: Option<u64>,
    ) {
        let block = body.block_of(inst).expect("writes are instructions");
        let position = self.position[&inst];
        self.writes.entry(node).or_default().push(Write {
            inst,
            block,
            position,
            offset,
            len,
        });
    }

    /// Whether `load` (an instruction that reads `bytes` behind `ptr`) reads the same at any later time.
    pub fn is_stable(&self, body: &Body, cells: &Cells, load: ValueId, ptr: ValueId) -> bool {
        let Some((node, offset)) = cells.target(ptr, 0) else {
            // The address is a constant (null, dangling): nothing is ever read through it.
            return body.is_const(ptr);
        };
        if cells
            .roots(node)
            .iter()
            .all(|r| matches!(r, Root::Global { constant: true, .. }))
            && !cells.roots(node).is_empty()
        {
            return true;
        }
        // Short strings have their characters in other nodes.
        if self.callers_may_change(cells, node) || cells.is_text(node) {
            return false;
        }
        let bytes = body.ty(load).bytes;
        let block = body.block_of(load).expect("loads are instructions");
        let position = self.position[&load];
        let comparable = offsets_are_comparable(cells, node);
        let mut same = self.writes.get(&node).into_iter().flatten();
        if same.any(|w| {
            follows(body, block, position, w)
                && !(comparable && disjoint(offset, Some(bytes), w.offset, w.len))
                && !scopes_separate(body, load, w.inst)
        }) {
            return false;
        }
        if !self.exposed.contains(&node) {
            return true;
        }
        !self
            .writes
            .iter()
            .filter(|(n, _)| **n != node && self.exposed.contains(n))
            .flat_map(|(_, ws)| ws)
            .any(|w| follows(body, block, position, w) && !scopes_separate(body, load, w.inst))
    }

    fn callers_may_change(&self, cells: &Cells, node: NodeId) -> bool {
        let own = !cells.roots(node).is_empty()
            && cells
                .roots(node)
                .iter()
                .all(|r| matches!(r, Root::Local(_)))
            && !self.exposed.contains(&node);
        match &self.kept {
            None => false,
            Some(kept) => !own && !kept.contains(&node),
        }
    }

    /// Whether what the pointer `arg` reaches is not written any more after the call `call` (which knows of its own
    /// writes).
    pub fn is_kept_after(&self, body: &Body, cells: &Cells, call: ValueId, arg: ValueId) -> bool {
        let Some(block) = body.block_of(call) else {
            return false;
        };
        let position = self.position[&call];
        let nodes = reachable_from(cells, &[arg]);
        let exposed = nodes.iter().any(|n| self.exposed.contains(n));
        nodes
            .iter()
            .all(|n| !self.callers_may_change(cells, *n) && !cells.is_text(*n))
            && !self
                .writes
                .iter()
                .filter(|(n, _)| nodes.contains(n) || (exposed && self.exposed.contains(n)))
                .flat_map(|(_, writes)| writes)
                .any(|w| follows(body, block, position, w))
    }
}

/// The memory that the callers of a split function promise to leave alone.
fn kept_nodes(body: &Body, cells: &Cells, sig: &Signature) -> FxHashSet<NodeId> {
    let stable: Vec<ValueId> = body
        .params
        .iter()
        .zip(&sig.stable_args)
        .filter(|(_, stable)| **stable)
        .map(|(p, _)| *p)
        .collect();
    reachable_from(cells, &stable)
}

fn follows(body: &Body, block: BlockId, position: usize, w: &Write) -> bool {
    (w.block == block && w.position > position) || body.cfg.can_follow(block, w.block)
}

fn disjoint(a: Offset, a_len: Option<u64>, b: Offset, b_len: Option<u64>) -> bool {
    let (Some(a_len), Some(b_len)) = (a_len, b_len) else {
        return false;
    };
    let step = gcd(a.stride(), b.stride());
    if step == 0 {
        return a.at + a_len as i64 <= b.at || b.at + b_len as i64 <= a.at;
    }
    let forward = (b.at - a.at).rem_euclid(step as i64) as u64;
    let backward = (a.at - b.at).rem_euclid(step as i64) as u64;
    a_len <= forward && b_len <= backward
}

/// Offsets of one node tell accesses apart when they count from the starts of whole objects.
fn offsets_are_comparable(cells: &Cells, node: NodeId) -> bool {
    let roots = cells.roots(node);
    let whole = |r: &Root| matches!(r, Root::Local(_) | Root::Global { .. });
    !cells.escapes(node)
        && (roots.iter().all(whole) || matches!(roots, [Root::Arg(_)]))
        && !roots.is_empty()
}

fn exposed_nodes(body: &Body, cells: &Cells, distinct_args: bool) -> FxHashSet<NodeId> {
    let mut set = FxHashSet::default();
    let mut work: Vec<NodeId> = cells
        .nodes()
        .filter(|n| {
            let roots = cells.roots(*n);
            let private_arg = match roots {
                // What is said of arguments is said of pointers, not of addresses that are passed as words.
                [Root::Arg(i)] => {
                    let param = &body.param_info[*i as usize];
                    let pointer = body.types.is_ptr(body.value(body.params[*i as usize]).ty);
                    param.noalias || distinct_args && pointer
                }
                _ => false,
            };
            let local = !roots.is_empty() && roots.iter().all(|r| matches!(r, Root::Local(_)));
            cells.escapes(*n) || !(private_arg || local)
        })
        .collect();
    while let Some(n) = work.pop() {
        if set.insert(n) {
            work.extend(cells.pointees(n));
        }
    }
    set
}

/// `!alias.scope` against `!noalias`, in LLVM's sense, for scopes that hold across all common loops.
fn scopes_separate(body: &Body, a: ValueId, b: ValueId) -> bool {
    let common = body.cfg.common_loop(body.loop_of(a), body.loop_of(b));
    let holds = |scope: &usize| match body.scopes.declared_in.get(scope) {
        Some(block) => !body
            .cfg
            .nest(common)
            .any(|l| body.cfg.contains(Some(l), body.cfg.loop_of(*block))),
        None => common.is_none(),
    };
    let one_way = |x: ValueId, y: ValueId| {
        let (Some(scopes), Some(noalias)) =
            (body.scopes.alias_scope.get(&x), body.scopes.noalias.get(&y))
        else {
            return false;
        };
        let domains: FxHashSet<usize> = noalias
            .iter()
            .filter_map(|s| body.scopes.domain.get(s).copied())
            .collect();
        domains.iter().any(|d| {
            let mut mine = scopes
                .iter()
                .filter(|s| body.scopes.domain.get(s) == Some(d))
                .peekable();
            mine.peek().is_some() && mine.all(|s| noalias.contains(s) && holds(s))
        })
    };
    one_way(a, b) || one_way(b, a)
}
