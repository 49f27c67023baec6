//! What callers need to know of a function's memory: the nodes that its parameters and its result reach.
//!
//! A call takes a copy of its callee's summary (bottom-up data structure analysis: Lattner, Lenharth, Adve,
//! PLDI 2007), so the memory of two calls of one function is not mixed up.

use rustc_hash::FxHashMap;

use super::cells::{Cell, Cells, Class, Node, NodeId, Root, Target, TypeTree};
use super::offset::{Offset, gcd};
use crate::ir::{Body, CallOp, ValueId};

/// Looks up the summary of a function by name; `None`: nothing is known of it.
pub type Summaries<'a> = dyn Fn(&str) -> Option<std::rc::Rc<Summary>> + 'a;

/// The memory that a function sees through its parameters and its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    pub(super) nodes: Vec<Node>,
    params: Vec<Vec<(u64, Cell)>>,
    ret: Vec<(u64, Cell)>,
    feeds: Vec<(NodeId, NodeId)>,
}

/// A callee's memory as its caller sees it.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    reads: Vec<NodeId>,
    writes: Vec<NodeId>,
    frees: Vec<NodeId>,
    /// To where the callee moves bytes of which it does not know what they are, and from where.
    pub(super) feeds: Vec<(NodeId, NodeId)>,
}

impl Cells {
    /// The memory that the call `v` may read; `None`: all that it reaches.
    pub fn call_reads(&self, v: ValueId) -> Option<Vec<NodeId>> {
        self.instances
            .get(&v)
            .map(|i| i.reads.iter().map(|n| self.find(*n)).collect())
    }

    /// The memory that the call `v` may free.
    pub fn call_frees(&self, v: ValueId) -> Vec<NodeId> {
        let frees = self
            .instances
            .get(&v)
            .map(|i| &i.frees[..])
            .unwrap_or_default();
        frees.iter().map(|n| self.find(*n)).collect()
    }

    /// The memory that the call `v` may write; `None`: all that it reaches.
    pub fn call_writes(&self, v: ValueId) -> Option<Vec<NodeId>> {
        self.instances
            .get(&v)
            .map(|i| i.writes.iter().map(|n| self.find(*n)).collect())
    }

    pub(super) fn instantiate(
        &mut self,
        body: &Body,
        v: ValueId,
        call: &CallOp,
        summary: &Summary,
    ) {
        let mut instance = Instance::default();
        let base = self.nodes.len() as u32;
        let here = |n: &NodeId| NodeId(n.0 + base);
        instance.feeds = summary
            .feeds
            .iter()
            .map(|(a, b)| (here(a), here(b)))
            .collect();
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
            for cell in copy.cells.values_mut() {
                cell.target = cell.target.map(shift);
            }
            self.nodes.push(copy);
        }
        for (arg, cells) in call.args.iter().zip(&summary.params) {
            if body.is_const(*arg) {
                continue;
            }
            for (at, cell) in cells {
                if let Some((node, _)) = cell.target {
                    let (mine, offset) = self.target_or_new(body, *arg, *at);
                    let theirs = NodeId(node.0 + base);
                    // The callee's offsets count from its argument, which may point inside our object.
                    if offset != Offset::ZERO {
                        self.rebase(theirs, offset);
                    }
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
        self.instances.insert(v, instance);
        self.changed = true;
    }

    fn rebase(&mut self, n: NodeId, offset: Offset) {
        let n = self.find(n);
        let cells = std::mem::take(&mut self.nodes[n.0 as usize].cells);
        for (at, cell) in cells {
            self.join_memory(n, at + offset.at, cell);
        }
        if offset.step != 0 {
            self.refine_step(n, offset.step);
        }
    }

    /// What is known of the memory behind a pointer, for a callee that receives it.
    pub fn tree(&self, v: ValueId) -> Option<TypeTree> {
        let (node, offset) = self.target(v, 0)?;
        Some(self.tree_of(node, offset, 3))
    }

    fn tree_of(&self, n: NodeId, offset: Offset, depth: u32) -> TypeTree {
        let node = &self.nodes[self.find(n).0 as usize];
        let mut cells = Vec::new();
        for (at, cell) in &node.cells {
            if matches!(
                cell.class,
                Class::Unknown | Class::Conflict | Class::Piece(_)
            ) {
                continue;
            }
            let inner = cell
                .target
                .filter(|_| depth > 0)
                .map(|(m, o)| Box::new(self.tree_of(m, o, depth - 1)));
            cells.push((at - offset.at, cell.class, inner));
        }
        TypeTree {
            weak: false,
            complete: node.typed,
            step: gcd(node.step, offset.step),
            cells,
        }
    }

    /// What callers need to know. Nodes that they can't reach are left out; the numbering is canonical, so
    /// that equal summaries are equal.
    pub fn summary(&self, body: &Body) -> Summary {
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
        Summary {
            nodes,
            params,
            ret,
            feeds,
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

    /// Whatever can be reached is read and written.
    pub fn touch_all(&mut self) {
        for node in &mut self.nodes {
            node.read = true;
            node.written = true;
        }
    }

    /// Whether memory is moved of which nothing in the function says what it holds: its callers may know.
    pub fn has_untyped_moves(&self) -> bool {
        self.nodes
            .iter()
            .any(|n| (n.read || n.written) && n.cells.is_empty())
    }
}
