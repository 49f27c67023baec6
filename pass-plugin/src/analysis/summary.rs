//! What callers need to know of a function's memory: the nodes that its parameters and its result reach.
//!
//! A call takes a copy of its callee's summary (bottom-up data structure analysis: Lattner, Lenharth, Adve,
//! PLDI 2007), so the memory of two calls of one function is not mixed up.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{Array, Cell, Cells, Class, Move, Node, NodeId, Root, Target, TypeTree};
use super::offset::{Offset, gcd};
use super::reach::{self, Reach};
use crate::ir::{Body, CallOp, ValueId};
use crate::marker::request::{Path, PathStart};

/// Looks up the summary of a function by name; `None`: nothing is known of it.
pub type Summaries<'a> = dyn Fn(&str) -> Option<std::rc::Rc<Summary>> + 'a;

/// The memory that a function sees through its parameters and its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    pub(super) nodes: Vec<Node>,
    params: Vec<Vec<(u64, Cell)>>,
    /// How far from each parameter the function reaches at constant distances.
    reach: Vec<Reach>,
    ret: Vec<(u64, Cell)>,
    feeds: Vec<(NodeId, NodeId)>,
    moves: Vec<Move>,
}

/// A callee's memory as its caller sees it.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    /// Where the copies of the summary's nodes begin.
    first: u32,
    reach: Vec<Reach>,
    reads: Vec<NodeId>,
    writes: Vec<NodeId>,
    frees: Vec<NodeId>,
    /// To where the callee moves bytes of which it does not know what they are, and from where.
    pub(super) feeds: Vec<(NodeId, NodeId)>,
    /// The same with their places.
    pub(super) moves: Vec<Move>,
    /// From here on everything that can be reached is read, written and freed.
    opaque: Vec<NodeId>,
}

impl Instance {
    /// The caller's node for a node of the summary.
    pub fn here(&self, cells: &Cells, theirs: NodeId) -> NodeId {
        cells.find(NodeId(self.first + theirs.0))
    }

    /// How far the callee reaches from its argument `i`.
    pub fn reach(&self, i: usize) -> Reach {
        self.reach.get(i).copied().unwrap_or(Reach::ANYTHING)
    }
}

impl Cells {
    /// How the call `v` sees its callee's memory.
    pub fn instance(&self, v: ValueId) -> Option<&Instance> {
        self.instances.get(&v)
    }

    /// The memory that the call `v` may read; `None`: all that it reaches.
    pub fn call_reads(&self, v: ValueId) -> Option<Vec<NodeId>> {
        let instance = self.instances.get(&v)?;
        Some(self.with_opaque(&instance.reads, instance))
    }

    /// The memory that the call `v` may free.
    pub fn call_frees(&self, v: ValueId) -> Vec<NodeId> {
        let instance = self.instances.get(&v);
        instance.map_or_else(Vec::new, |i| self.with_opaque(&i.frees, i))
    }

    /// The memory that the call `v` may write; `None`: all that it reaches.
    pub fn call_writes(&self, v: ValueId) -> Option<Vec<NodeId>> {
        let instance = self.instances.get(&v)?;
        Some(self.with_opaque(&instance.writes, instance))
    }

    /// These nodes, and what code that is not looked at reaches.
    fn with_opaque(&self, nodes: &[NodeId], instance: &Instance) -> Vec<NodeId> {
        let mut out: Vec<NodeId> = nodes.iter().map(|n| self.find(*n)).collect();
        let mut seen = FxHashSet::default();
        let mut work: Vec<NodeId> = instance.opaque.iter().map(|n| self.find(*n)).collect();
        while let Some(n) = work.pop() {
            if !self.is_code(n) && seen.insert(n) {
                work.extend(self.pointees(n));
            }
        }
        seen.retain(|n| !out.contains(n));
        out.extend(seen);
        out
    }

    /// Whether the call `v` hands memory to code that is not looked at.
    pub fn calls_unknown_code(&self, v: ValueId) -> bool {
        self.instances.get(&v).is_some_and(|i| !i.opaque.is_empty())
    }

    pub(super) fn instantiate(
        &mut self,
        body: &Body,
        v: ValueId,
        call: &CallOp,
        summary: &Summary,
    ) {
        let base = self.nodes.len() as u32;
        let here = |n: &NodeId| NodeId(n.0 + base);
        let feeds = summary.feeds.iter();
        let mut instance = Instance {
            first: base,
            reach: summary.reach.clone(),
            feeds: feeds.map(|(a, b)| (here(a), here(b))).collect(),
            ..Instance::default()
        };
        let shift = |t: Target| (NodeId(t.0.0 + base), t.1);
        for node in &summary.nodes {
            let id = NodeId(self.nodes.len() as u32);
            self.parent.push(id.0);
            let mut copy = node.clone();
            // What the callee made is made by the call; what it found elsewhere comes from nowhere we know.
            copy.roots = node.roots.iter().filter_map(|r| root_at(*r, v)).collect();
            copy.roots.dedup();
            if node.read {
                instance.reads.push(id);
            }
            if node.written {
                instance.writes.push(id);
            }
            if node.freed {
                instance.frees.push(id);
            }
            if node.opaque {
                instance.opaque.push(id);
            }
            for cell in copy.cells.values_mut() {
                cell.target = cell.target.map(shift);
            }
            self.nodes.push(copy);
        }
        let mut shifts: FxHashMap<NodeId, Offset> = FxHashMap::default();
        for (i, (arg, cells)) in call.args.iter().zip(&summary.params).enumerate() {
            if body.is_const(*arg) {
                continue;
            }
            for (at, cell) in cells {
                if let Some((node, _)) = cell.target {
                    let (mine, offset) = self.target_or_new(body, *arg, *at);
                    let theirs = NodeId(node.0 + base);
                    let shift = shifts.entry(node).or_insert(offset);
                    *shift = shift.join(offset);
                    // The callee's offsets count from its argument, which may point inside our object.
                    self.rebase(theirs, mine, offset, instance.reach(i));
                    self.unify(mine, theirs);
                }
                self.join_value(
                    *arg,
                    *at,
                    Cell {
                        class: cell.class,
                        target: None,
                    },
                );
            }
        }
        for n in base..self.nodes.len() as u32 {
            self.note_global(NodeId(n));
        }
        for (at, cell) in &summary.ret {
            self.join_value(
                v,
                *at,
                Cell {
                    class: cell.class,
                    target: cell.target.map(shift),
                },
            );
        }
        let place = |(n, o): Target| {
            let by = shifts.get(&n).copied().unwrap_or(Offset::ZERO);
            Some((NodeId(n.0 + base), o.behind(by)))
        };
        instance.moves = summary.moves.iter().filter_map(|m| m.map(place)).collect();
        self.instances.insert(v, instance);
        self.changed = true;
    }

    /// Moves what a callee knows of its argument's memory to where that lies in ours.
    fn rebase(&mut self, n: NodeId, mine: NodeId, offset: Offset, reach: Reach) {
        let n = self.find(n);
        let node = &mut self.nodes[n.0 as usize];
        let step = node.step;
        // A callee that walks over all that it is given stays in the array that it is given.
        let array = match step {
            0 => None,
            _ => self.array_around(mine, offset.at, step),
        };
        let start = self.node(mine).key(offset.at);
        let array = array.filter(|(at, len)| reach.stays_in(start - at, *len));
        if offset == Offset::ZERO && array.is_none() {
            return;
        }
        let node = &mut self.nodes[n.0 as usize];
        let cells = std::mem::take(&mut node.cells);
        for declared in &mut node.declared {
            declared.base += offset.at;
        }
        let mut arrays = std::mem::take(&mut node.arrays);
        for array in &mut arrays {
            array.at += offset.at;
        }
        match array {
            Some((at, len)) => {
                node.step = 0;
                arrays.push(Array { at, len, step });
            }
            None => self.refine_step(n, offset.step),
        }
        self.add_arrays(n, &arrays);
        for (at, cell) in cells {
            self.join_memory(n, at + offset.at, cell);
        }
    }

    /// What is known of the memory behind a pointer, for a callee that receives it.
    pub fn tree(&self, v: ValueId) -> Option<TypeTree> {
        let (node, offset) = self.target(v, 0)?;
        Some(self.tree_of(node, offset, 3))
    }

    fn tree_of(&self, n: NodeId, offset: Offset, depth: u32) -> TypeTree {
        let node = &self.nodes[self.find(n).0 as usize];
        // A pointer to any element of an array: of what is around that array, nothing is known.
        let around = (offset.inner != 0)
            .then(|| node.arrays.iter().find(|a| a.holds(node.key(offset.at))))
            .flatten();
        let seen = |at: i64| around.is_none_or(|a| a.holds(at));
        let base = match around {
            Some(_) => node.key(offset.at),
            None => offset.at,
        };
        let mut cells = Vec::new();
        for (at, cell) in &node.cells {
            if !seen(*at)
                || matches!(
                    cell.class,
                    Class::Unknown | Class::Conflict | Class::Piece(_)
                )
            {
                continue;
            }
            let inner = cell
                .target
                .filter(|_| depth > 0)
                .map(|(m, o)| Box::new(self.tree_of(m, o, depth - 1)));
            cells.push((at - base, cell.class, inner));
        }
        let arrays = node.arrays.iter().filter(|a| seen(a.at));
        TypeTree {
            weak: false,
            raw: false,
            complete: node.typed || (around.is_none() && self.is_known(n)),
            step: gcd(node.step, offset.step),
            cells,
            arrays: arrays
                .map(|a| Array {
                    at: a.at - base,
                    ..*a
                })
                .collect(),
            declared: Vec::new(),
        }
    }

    /// What callers need to know. Nodes that they can't reach are left out; the numbering is canonical, so
    /// that equal summaries are equal.
    pub fn summary(&self, body: &Body, recursive: bool) -> Summary {
        let mut renumbered: FxHashMap<NodeId, NodeId> = FxHashMap::default();
        let mut order: Vec<NodeId> = Vec::new();
        let mut visit = |t: Option<Target>| -> Option<Target> {
            t.map(|(n, o)| {
                let n = self.find(n);
                let id = *renumbered.entry(n).or_insert_with(|| {
                    order.push(n);
                    NodeId(order.len() as u32 - 1)
                });
                (id, o)
            })
        };
        let mut outer = |cells: &[(u64, Cell)]| -> Vec<(u64, Cell)> {
            cells
                .iter()
                .map(|(o, c)| {
                    (
                        *o,
                        Cell {
                            target: visit(c.target),
                            ..*c
                        },
                    )
                })
                .collect()
        };
        let params = body
            .params
            .iter()
            .map(|p| outer(&self.values[p.index()]))
            .collect();
        let ret = outer(&self.ret);
        // Memory without a parameter: globals, and whatever of unknown origin is written.
        for n in self.nodes() {
            let foreign = |r: &Root| {
                matches!(
                    r,
                    Root::Global {
                        constant: false,
                        ..
                    } | Root::Unknown(_)
                )
            };
            if self.roots(n).iter().any(foreign) {
                visit(Some((n, Offset::ZERO)));
            }
        }
        let mut nodes: Vec<Node> = Vec::new();
        let mut at = 0;
        while at < order.len() {
            let mut node = self.nodes[order[at].0 as usize].clone();
            at += 1;
            node.roots = node
                .roots
                .iter()
                .map(|r| root_at(*r, ValueId(0)).unwrap_or(*r))
                .collect();
            node.roots.dedup();
            for cell in node.cells.values_mut() {
                cell.target = cell.target.map(|(n, o)| {
                    let n = self.find(n);
                    let id = *renumbered.entry(n).or_insert_with(|| {
                        order.push(n);
                        NodeId(order.len() as u32 - 1)
                    });
                    (id, o)
                });
            }
            nodes.push(node);
        }
        let there = |n: &NodeId| renumbered.get(&self.find(*n)).copied();
        let mut feeds: Vec<(NodeId, NodeId)> = self
            .feeds
            .iter()
            .filter_map(|(a, b)| Some((there(a)?, there(b)?)))
            .collect();
        feeds.sort();
        feeds.dedup();
        let place = |(n, o): Target| there(&n).map(|n| (n, o));
        let moves = self.moves(body, recursive);
        Summary {
            nodes,
            params,
            reach: reach::of(body, self, recursive),
            ret,
            feeds,
            moves: moves.iter().filter_map(|m| m.map(place)).collect(),
        }
    }
}

/// A callee's root as its caller sees it at `v`; a parameter is what the caller passes.
fn root_at(root: Root, v: ValueId) -> Option<Root> {
    match root {
        Root::Arg(_) => None,
        Root::Local(_) => Some(Root::Local(v)),
        Root::Global {
            constant, id, told, ..
        } => Some(Root::Global {
            value: v,
            constant,
            id,
            told,
        }),
        Root::Unknown(_) => Some(Root::Unknown(v)),
    }
}

impl Summary {
    /// Whether some memory of the callers' is both read and written.
    pub fn overwrites_what_it_reads(&self) -> bool {
        let own =
            |n: &Node| !n.roots.is_empty() && n.roots.iter().all(|r| matches!(r, Root::Local(_)));
        self.nodes.iter().any(|n| n.read && n.written && !own(n))
    }

    /// For a call through a pointer: what one of the functions that it may call does to global variables. What such a
    /// function does to its arguments is taken to be anything already; where variables lead to them, they are ours.
    pub fn absorb_globals(&mut self, candidate: &Summary) {
        let mut renumbered: FxHashMap<NodeId, NodeId> = FxHashMap::default();
        // Our first parameter is the pointer.
        let params = self.params.iter().skip(1).zip(&candidate.params);
        for (ours, theirs) in params.chain([(&self.ret, &candidate.ret)]) {
            for ((_, cell), (_, other)) in ours.iter().zip(theirs) {
                if let (Some((here, _)), Some((there, _))) = (cell.target, other.target) {
                    renumbered.insert(there, here);
                }
            }
        }
        let global = |r: &Root| {
            matches!(
                r,
                Root::Global {
                    constant: false,
                    ..
                }
            )
        };
        let all = candidate.nodes.iter().enumerate();
        let mut work: Vec<NodeId> = all
            .filter(|(_, node)| node.roots.iter().any(global))
            .map(|(i, _)| NodeId(i as u32))
            .collect();
        let mut added = Vec::new();
        while let Some(n) = work.pop() {
            if renumbered.contains_key(&n) {
                continue;
            }
            let node = candidate.nodes[n.0 as usize].clone();
            work.extend(node.cells.values().filter_map(|c| c.target.map(|t| t.0)));
            let id = NodeId(self.nodes.len() as u32);
            renumbered.insert(n, id);
            added.push(id);
            self.nodes.push(node);
        }
        for id in added {
            for cell in self.nodes[id.0 as usize].cells.values_mut() {
                cell.target = cell.target.map(|(n, o)| (renumbered[&n], o));
            }
        }
        for (a, b) in &candidate.feeds {
            if let (Some(a), Some(b)) = (renumbered.get(a), renumbered.get(b)) {
                self.feeds.push((*a, *b));
            }
        }
    }

    /// Whether the memory behind parameter `i` is written.
    pub fn writes_behind(&self, i: usize) -> bool {
        let cell = self.params.get(i).and_then(|p| p.first());
        let target = cell.and_then(|(_, c)| c.target);
        target.is_some_and(|(n, _)| self.nodes[n.0 as usize].written)
    }

    /// Whatever can be reached is read and written.
    pub fn touch_all(&mut self) {
        for node in &mut self.nodes {
            node.read = true;
            node.written = true;
        }
    }

    /// The nodes that registers lead to, with the ways to them.
    pub(super) fn entrances(&self) -> Vec<(NodeId, Path)> {
        let params = self.params.iter().enumerate().flat_map(|(i, cells)| {
            let number = i as u32;
            cells.iter().map(move |(byte, cell)| {
                (
                    PathStart::Param {
                        number,
                        byte: *byte,
                    },
                    cell.target,
                )
            })
        });
        let ret = self.ret.iter();
        let ret = ret.map(|(byte, cell)| (PathStart::Result { byte: *byte }, cell.target));
        params
            .chain(ret)
            .filter_map(|(start, target)| {
                let through = Vec::new();
                target.map(|(node, _)| (node, Path { start, through }))
            })
            .collect()
    }

    /// The pointers that a node holds: their places, and what they point to.
    pub(super) fn pointers_in(&self, n: NodeId) -> impl Iterator<Item = (i64, NodeId)> + '_ {
        let cells = self.nodes[n.0 as usize].cells.iter();
        cells.filter_map(|(at, cell)| cell.target.map(|t| (*at, t.0)))
    }

    /// Whether a node may hold floats, or pointers to such.
    pub(super) fn matters(&self, n: NodeId) -> bool {
        let cells = &self.nodes[n.0 as usize].cells;
        cells.is_empty() || cells.values().any(|c| c.class != Class::Int)
    }

    /// Whether memory is moved of which nothing in the function says what it holds: its callers may know.
    pub fn has_untyped_moves(&self) -> bool {
        self.nodes.iter().any(|n| {
            let untyped = n.cells.values().all(|c| c.class == Class::Unknown);
            n.moved || (n.read || n.written) && !n.opaque && untyped
        })
    }

    /// Whether a caller knows more of the memory behind parameter `i` than the function: it moves what it takes for a
    /// pointer, say, and the caller keeps a float there.
    pub fn learns_from(&self, i: usize, tree: &TypeTree) -> bool {
        let pointer = self.params.get(i).and_then(|p| p.first());
        let target = pointer.and_then(|(_, cell)| cell.target);
        target.is_some_and(|(n, _)| self.node_learns_from(n, tree))
    }

    fn node_learns_from(&self, n: NodeId, tree: &TypeTree) -> bool {
        let node = &self.nodes[n.0 as usize];
        tree.cells.iter().any(|(at, class, inner)| {
            let Some(cell) = node.cells.get(&node.key(*at)) else {
                return false;
            };
            let known = cell.class != Class::Unknown;
            (known && cell.class.join(*class) != cell.class)
                || match (inner, cell.target) {
                    (Some(inner), Some((m, _))) => self.node_learns_from(m, inner),
                    (Some(_) | None, _) => false,
                }
        })
    }
}
