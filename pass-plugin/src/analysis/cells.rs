//! What the bytes of memory and of registers hold, and what pointers point to.
//!
//! A unification-based points-to analysis (Steensgaard, POPL 1996) whose nodes carry *cells*: a
//! memory object is a map from byte offset to the [`Class`] of the scalar that lives there, and, for a
//! pointer, the node it points to. Arrays make a node *periodic*: offsets are kept modulo the step of
//! the pointers that walk over it, and inside of a declared array modulo that array's ([`arrays`]).
//!
//! Lattice of a cell: `Unknown < Int < Ptr < Conflict`, `Unknown < Float(k) < Conflict`; joins only climb, unifying nodes only
//! merges, steps only shrink to divisors, so the iteration ends. Evidence is an access or an ABI
//! position, never an allocation: Rust memory is untyped. Integer constants are evidence of nothing
//! (they may be null, a dangling pointer or the bits of a float).
//!
//! Only blocks that can return are looked at: what a panic path does to its formatter says nothing
//! about the data.

mod answers;
mod arrays;
mod chains;
mod class;
mod evidence;
mod fields;
mod initial;
mod moves;
mod notes;
mod shared;
mod text;
mod transfer;
mod words;

pub use crate::ir::variables::Told;
pub use arrays::{Array, Declared};
pub use class::Class;
pub use moves::Move;

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Body, Callee, CastKind, Def, FloatKind, IntBin, Op, TyKind, ValueId};

use super::offset::Offset;
use super::summary::Summaries;

/// A memory object or a set of them that were unified.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Where a pointer points to.
pub type Target = (NodeId, Offset);

/// One scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub class: Class,
    pub target: Option<Target>,
}

const EMPTY: Cell = Cell {
    class: Class::Unknown,
    target: None,
};

/// Where the memory of a node comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Root {
    /// What parameter `n` points to directly.
    Arg(u32),
    /// An alloca or an allocation call of this function.
    Local(ValueId),
    Global {
        /// The global, or the call of the function that uses it.
        value: ValueId,
        constant: bool,
        /// The same for all functions' uses of one global.
        id: usize,
        told: Told,
    },
    /// The result of a call or of a pointer made in a way that hides where it comes from.
    Unknown(ValueId),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Node {
    /// 0: offsets are exact. Otherwise they are modulo `step`.
    pub(super) step: u64,
    pub(super) arrays: Vec<Array>,
    pub(super) declared: Vec<Declared>,
    pub(super) cells: BTreeMap<i64, Cell>,
    pub(super) roots: Vec<Root>,
    /// The address is handed to code that is not looked at, or stored where such code can find it.
    pub(super) escapes: bool,
    /// A type tree told all there is: bytes without a cell are padding.
    pub(super) typed: bool,
    /// Something here, or a callee, reads or writes it.
    pub(super) read: bool,
    pub(super) written: bool,
    pub(super) freed: bool,
    /// Bytes of unknown kind come here from who knows where.
    pub(super) fed: bool,
    /// Copied as bytes, which say nothing of what they are.
    pub(super) moved: bool,
    /// A function: what is called through a pointer, or the address of a function.
    pub(super) code: bool,
    /// Code that is not looked at reads and writes it, and whatever can be reached from it.
    pub(super) opaque: bool,
}

/// A known layout of the memory behind a parameter: cells at `offset (mod step)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TypeTree {
    /// Heard only of bytes of which nothing else is known.
    pub weak: bool,
    /// Bytes without a cell are padding.
    pub complete: bool,
    /// Behind a raw pointer, which promises nothing.
    pub raw: bool,
    pub step: u64,
    pub cells: Vec<(i64, Class, Option<Box<TypeTree>>)>,
    /// Arrays whose elements are not told apart, and others.
    pub arrays: Vec<Array>,
    pub declared: Vec<Declared>,
}

/// Evidence in the order in which it is heard; the later is heard only about what the earlier left open.
enum Evidence {
    Strong,
    Weak,
    /// None: but now it is known which memory receives what nobody knows.
    Fed,
    /// Words that are moved and of which nothing is known.
    Moved,
    Presumed,
}

/// The result of the analysis.
#[derive(Debug)]
pub struct Cells {
    pub(super) nodes: Vec<Node>,
    pub(super) parent: Vec<u32>,
    pub(super) values: Vec<Vec<(u64, Cell)>>,
    pub(super) ret: Vec<(u64, Cell)>,
    /// Registers whose LLVM type tells their class, whatever else the memory that they come from holds.
    told: FxHashSet<(ValueId, u64)>,
    /// Registers that are too small for an address.
    narrow: FxHashSet<(ValueId, u64)>,
    /// Pointers to the characters of strings, and the node of all characters.
    text: FxHashSet<ValueId>,
    characters: Option<NodeId>,
    /// Integers that are counted with.
    counted: FxHashSet<ValueId>,
    /// What hashing made, and loads of integers that are only hashed, or counted with.
    churned: FxHashSet<ValueId>,
    hashed: FxHashSet<ValueId>,
    /// Integers that no address is made of.
    numbers: FxHashSet<ValueId>,
    /// Words that are addresses in one variant of an enum only.
    shared: shared::Shared,
    /// What front ends say of arrays.
    declared: FxHashMap<ValueId, Vec<Declared>>,
    /// The nodes of mutable globals.
    globals: FxHashMap<usize, NodeId>,
    /// To where bytes of unknown kind move, and from where.
    pub(super) feeds: Vec<(NodeId, NodeId)>,
    /// Memory that gets such bytes from memory of others.
    fed: FxHashSet<NodeId>,
    /// Small integers that are moved, and that nothing says are integers.
    pub(super) presumed: FxHashSet<ValueId>,
    pub(super) changed: bool,
    pub(super) instances: FxHashMap<ValueId, super::summary::Instance>,
    /// The function's own name, if its calls of itself are to share its memory.
    own: Option<String>,
    /// How many instructions were looked at, each time counted.
    pub visits: usize,
}

/// What lives in a stretch of memory: classes at offsets from its start, repeating every `step` bytes
/// (0: not repeating).
#[derive(Clone, Debug, PartialEq)]
pub struct MemLayout {
    pub step: u64,
    pub cells: Vec<(u64, Class)>,
    /// Found at steps narrower than its floats: where in the run each begins is not known.
    pub narrow: bool,
}

impl MemLayout {
    fn repeated(mut step: u64, found: Vec<(u64, Cell)>) -> MemLayout {
        let mut cells: Vec<(u64, Class)> = found.into_iter().map(|(o, c)| (o, c.class)).collect();
        let wide = |(_, c): &(u64, Class)| c.float().is_some() && c.bytes() > step;
        let narrow = step != 0 && cells.iter().any(wide);
        if step != 0 {
            // Scalars wider than the step make a uniform array of them.
            let widest = cells.iter().map(|(_, c)| c.bytes());
            step = step.max(widest.max().unwrap_or(1));
            cells.retain(|(o, _)| *o < step);
        }
        MemLayout {
            step,
            cells,
            narrow,
        }
    }

    pub fn any_float(&self) -> bool {
        self.cells.iter().any(|(_, c)| c.may_be_float())
    }
    pub fn any_ptr(&self) -> bool {
        self.cells.iter().any(|(_, c)| c.may_be_pointer())
    }
    /// Whether pointers and floats share bytes.
    pub fn any_shared(&self) -> bool {
        self.cells
            .iter()
            .any(|(_, c)| c.may_be_pointer() && c.may_be_float())
    }
    /// Whether some bytes can't be moved: nothing tells one float format from another.
    pub fn any_conflict(&self) -> bool {
        let floats = || self.cells.iter().filter(|(_, c)| c.may_be_float());
        floats().any(|(at, c)| {
            *c == Class::Conflict
                || floats().any(|(other, _)| other > at && *other < at + c.bytes())
        })
    }
}

impl Cells {
    pub const NAME: &'static str = "cells";

    /// Runs the analysis. `trees[i]` is what is known of parameter `i` from outside; `summaries` has
    /// the callees that were looked at before.
    pub fn run(body: &Body, trees: &[Option<TypeTree>], summaries: &Summaries) -> Cells {
        let phases = [
            Evidence::Strong,
            Evidence::Weak,
            Evidence::Fed,
            Evidence::Moved,
            Evidence::Presumed,
        ];
        Cells::solved(body, trees, summaries, &phases, None)
    }

    /// The facts once they settle. Where floats are read or written through what should lead to characters (one address
    /// for a string and for what shares its bytes), nothing is believed of characters.
    fn solved(
        body: &Body,
        trees: &[Option<TypeTree>],
        summaries: &Summaries,
        phases: &[Evidence],
        own: Option<String>,
    ) -> Cells {
        let solve = |text: bool| {
            let mut this = Cells::start(body, trees, text);
            this.own = own.clone();
            this.solve(body, trees, summaries, phases);
            this
        };
        let this = solve(true);
        match this.only_characters() {
            true => this,
            false => solve(false),
        }
    }

    fn start(body: &Body, trees: &[Option<TypeTree>], text: bool) -> Cells {
        let churned = words::churned(body);
        let mut this = Cells {
            nodes: Vec::new(),
            parent: Vec::new(),
            values: vec![Vec::new(); body.values.len()],
            ret: Vec::new(),
            told: FxHashSet::default(),
            narrow: FxHashSet::default(),
            text: FxHashSet::default(),
            characters: None,
            counted: counted(body),
            hashed: words::hashed(body, &churned),
            churned,
            numbers: super::numbers::numbers(body),
            shared: shared::Shared::of(body),
            declared: arrays::declarations(body),
            globals: FxHashMap::default(),
            feeds: Vec::new(),
            fed: FxHashSet::default(),
            presumed: FxHashSet::default(),
            changed: true,
            instances: FxHashMap::default(),
            own: None,
            visits: 0,
        };
        if text && !body.text.is_empty() {
            this.seed_text(body);
        }
        this.seed(body, trees);
        this
    }

    /// What callers need to know of a function: what its own instructions say, and no more.
    /// In a function that calls itself, structures that refer to themselves are folded; with `own`, its name, all of its
    /// calls share one memory, for memory that has no end even so.
    pub fn summarise(
        body: &Body,
        summaries: &Summaries,
        recursive: bool,
        own: Option<String>,
    ) -> super::summary::Summary {
        let trees = vec![None; body.params.len()];
        let phases = [
            Evidence::Strong,
            Evidence::Weak,
            Evidence::Fed,
            Evidence::Moved,
        ];
        let mut this = Cells::solved(body, &trees, summaries, &phases, own);
        if recursive {
            this.fold_chains();
        }
        this.summary(body, recursive)
    }

    fn solve(
        &mut self,
        body: &Body,
        trees: &[Option<TypeTree>],
        summaries: &Summaries,
        phases: &[Evidence],
    ) {
        for upto in 1..=phases.len() {
            self.changed = true;
            while self.changed {
                self.find_fed();
                self.changed = false;
                for v in self.declared.keys().copied().collect::<Vec<_>>() {
                    self.hear_declared(v);
                }
                self.hear_notes(body, trees, upto > 1);
                self.feeds.clear();
                for (v, op) in body.live_insts() {
                    self.visits += 1;
                    self.transfer(body, v, op, summaries);
                    for evidence in &phases[..upto] {
                        match evidence {
                            Evidence::Strong => {}
                            Evidence::Weak => self.weak_evidence(body, v, op),
                            Evidence::Fed => self.feed_through(body, v, op),
                            Evidence::Moved => self.move_unknown_words(body, v, op),
                            Evidence::Presumed => {
                                self.presume(body, v, op);
                                if body.only_doubles {
                                    self.presume_words(body, v, op);
                                }
                            }
                        }
                    }
                }
            }
        }
        self.spread_opaque();
    }

    fn seed(&mut self, body: &Body, trees: &[Option<TypeTree>]) {
        for v in body.value_ids() {
            let scalars = body.types.scalars(body.value(v).ty);
            // A wide constant array is nothing that lives in a register.
            if scalars.len() > 64 || matches!(body.value(v).def, Def::Const(_)) {
                continue;
            }
            // Bytes that are only moved may be bytes of a float.
            let moved = matches!(
                body.op(v),
                Some(Op::Load { .. } | Op::Phi(_) | Op::Select { .. })
            );
            // So may sixteen that bit operations make.
            let worked = matches!(
                body.op(v),
                Some(
                    Op::IntBin(..)
                        | Op::Freeze(_)
                        | Op::Cast(CastKind::Bitcast | CastKind::Trunc, _)
                        | Op::ExtractElement { .. }
                        | Op::InsertElement { .. }
                        | Op::Shuffle { .. }
                )
            );
            for (at, ty) in scalars {
                if matches!(body.types.get(ty).kind, TyKind::Int { bits: ..64 }) {
                    self.narrow.insert((v, at));
                }
                let class = match body.types.get(ty).kind {
                    TyKind::Float(kind) => Class::Float(kind),
                    TyKind::Ptr => Class::Ptr,
                    TyKind::Int { bits }
                        if bits < 8 || bits < 32 && !moved && !(bits == 16 && worked) =>
                    {
                        Class::Int
                    }
                    TyKind::Int { .. } => continue,
                    TyKind::Void
                    | TyKind::Vector { .. }
                    | TyKind::Array { .. }
                    | TyKind::Struct { .. }
                    | TyKind::Other => continue,
                };
                self.join_value(
                    v,
                    at,
                    Cell {
                        class,
                        target: None,
                    },
                );
                if class != Class::Int {
                    self.told.insert((v, at));
                }
            }
            let root = match &body.value(v).def {
                Def::Arg(i) if body.types.is_ptr(body.value(v).ty) => Root::Arg(*i),
                Def::Global { constant, .. } => {
                    let known = body.variables.get(&v);
                    Root::Global {
                        value: v,
                        constant: *constant,
                        id: known.map_or(v.index(), |variable| variable.id),
                        told: known.map_or(Told::Exposed, |variable| variable.told),
                    }
                }
                Def::Inst {
                    op: Op::Alloca { .. },
                    ..
                } => Root::Local(v),
                Def::Inst {
                    op: Op::Call(call), ..
                } => match call.callee {
                    Callee::Alloc(_) => Root::Local(v),
                    _ => continue,
                },
                Def::Function { .. } => {
                    let node = self.new_node(None);
                    self.nodes[node.0 as usize].code = true;
                    let target = Some((node, Offset::ZERO));
                    let class = Class::Ptr;
                    self.join_value(v, 0, Cell { class, target });
                    continue;
                }
                Def::Arg(_) | Def::Const(_) | Def::Inst { .. } => continue,
            };
            let node = self.new_node(Some(root));
            self.note_global(node);
            self.join_value(
                v,
                0,
                Cell {
                    class: Class::Ptr,
                    target: Some((node, Offset::ZERO)),
                },
            );
        }
        self.seed_initial(body);
        for (i, tree) in trees.iter().enumerate() {
            let (Some(tree), Some(&param)) = (tree, body.params.get(i)) else {
                continue;
            };
            let (node, _) = self.target_or_new(body, param, 0);
            for declared in &tree.declared {
                self.declare(node, declared.clone());
            }
            if !tree.weak {
                self.seed_tree(node, tree);
            }
        }
    }

    fn seed_tree(&mut self, node: NodeId, tree: &TypeTree) {
        let found = self.find(node);
        self.nodes[found.0 as usize].typed |= tree.complete;
        if tree.step != 0 {
            self.refine_step(node, tree.step);
        }
        self.add_arrays(node, &tree.arrays);
        for (at, class, inner) in &tree.cells {
            let target = inner.as_ref().map(|inner| {
                let existing = self.cell(node, *at).target;
                let inner_node = existing.map_or_else(|| self.new_node(None), |t| t.0);
                self.seed_tree(inner_node, inner);
                (inner_node, Offset::ZERO)
            });
            self.join_memory(
                node,
                *at,
                Cell {
                    class: *class,
                    target,
                },
            );
        }
    }

    // ---- nodes ----

    pub(super) fn new_node(&mut self, root: Option<Root>) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            roots: root.into_iter().collect(),
            ..Node::default()
        });
        self.parent.push(id.0);
        id
    }

    /// Uses of one global, here and in callees, are of one node.
    pub(super) fn note_global(&mut self, node: NodeId) {
        let ids: Vec<usize> = self
            .roots(node)
            .iter()
            .filter_map(|r| match r {
                Root::Global {
                    id,
                    constant: false,
                    ..
                } => Some(*id),
                Root::Global { .. } | Root::Arg(_) | Root::Local(_) | Root::Unknown(_) => None,
            })
            .collect();
        for id in ids {
            match self.globals.get(&id).copied() {
                Some(known) => {
                    self.unify(known, node);
                }
                None => {
                    self.globals.insert(id, node);
                }
            }
        }
    }

    /// The representative of a node.
    pub fn find(&self, n: NodeId) -> NodeId {
        let mut n = n.0;
        while self.parent[n as usize] != n {
            n = self.parent[n as usize];
        }
        NodeId(n)
    }

    pub(super) fn node(&self, n: NodeId) -> &Node {
        &self.nodes[self.find(n).0 as usize]
    }

    pub(super) fn unify(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return a;
        }
        // What may point to characters points to the other for all that matters.
        if self.is_text(a) {
            return b;
        }
        if self.is_text(b) {
            return a;
        }
        self.changed = true;
        let (keep, gone) = if a.0 < b.0 { (a, b) } else { (b, a) };
        self.parent[gone.0 as usize] = keep.0;
        let mut old = std::mem::take(&mut self.nodes[gone.0 as usize]);
        {
            let node = &mut self.nodes[keep.0 as usize];
            node.roots.append(&mut old.roots);
            node.roots.sort();
            node.roots.dedup();
            node.escapes |= old.escapes;
            node.typed |= old.typed;
            node.read |= old.read;
            node.written |= old.written;
            node.freed |= old.freed;
            node.fed |= old.fed;
            node.moved |= old.moved;
            node.code |= old.code;
            node.opaque |= old.opaque;
        }
        self.join_shape(keep, &old);
        for (at, cell) in old.cells {
            self.join_memory(keep, at, cell);
        }
        self.find(keep)
    }

    fn cell(&self, n: NodeId, at: i64) -> Cell {
        let node = self.node(n);
        node.cells.get(&node.key(at)).copied().unwrap_or(EMPTY)
    }

    fn join_cells(&mut self, old: Cell, new: Cell) -> Cell {
        let class = old.class.join(new.class);
        let target = match (old.target, new.target) {
            (None, t) | (t, None) => t,
            (Some((a, _)), Some((b, _))) if self.is_text(a) && self.is_text(b) => {
                Some((a, Offset::anywhere()))
            }
            (Some((a, _)), other) | (other, Some((a, _))) if self.is_text(a) => other,
            (Some((a, ao)), Some((b, bo))) => {
                let n = self.unify(a, b);
                Some((n, self.join_offsets(n, ao, bo)))
            }
        };
        Cell { class, target }
    }

    pub(super) fn join_memory(&mut self, n: NodeId, at: i64, new: Cell) {
        if new == EMPTY {
            return;
        }
        let old = self.cell(n, at);
        let joined = self.join_cells(old, new);
        // Unifying may have merged or refined the very node that is written to.
        let key = self.node(n).key(at);
        let now = self.find(n);
        let slot = self.nodes[now.0 as usize].cells.entry(key).or_insert(EMPTY);
        let same_target = match (slot.target, joined.target) {
            (Some((a, ao)), Some((b, bo))) => ao == bo && self.find_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        if self.nodes[now.0 as usize].cells[&key].class != joined.class || !same_target {
            self.changed = true;
            let again = self.nodes[now.0 as usize].cells[&key];
            let merged = self.join_cells(again, joined);
            let (now, key) = (self.find(now), self.node(now).key(at));
            self.nodes[now.0 as usize].cells.insert(key, merged);
        }
    }

    fn find_eq(&self, a: NodeId, b: NodeId) -> bool {
        self.find(a) == self.find(b)
    }

    fn value_cell(&self, v: ValueId, at: u64) -> Cell {
        self.values[v.index()]
            .iter()
            .find(|(o, _)| *o == at)
            .map_or(EMPTY, |(_, c)| *c)
    }

    pub(super) fn join_value(&mut self, v: ValueId, at: u64, mut new: Cell) {
        if self.told.contains(&(v, at)) {
            new.class = Class::Unknown;
        }
        if self.text.contains(&v) && new.target.is_some_and(|t| !self.is_text(t.0)) {
            new.target = None;
        }
        if self.narrow.contains(&(v, at)) {
            new.target = None;
            if new.class == Class::Ptr {
                new.class = Class::Unknown;
            }
        }
        if new == EMPTY {
            return;
        }
        let old = self.value_cell(v, at);
        let joined = self.join_cells(old, new);
        let same = old.class == joined.class
            && match (old.target, joined.target) {
                (Some((a, ao)), Some((b, bo))) => ao == bo && self.find_eq(a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
        if same {
            return;
        }
        self.changed = true;
        let cells = &mut self.values[v.index()];
        match cells.iter_mut().find(|(o, _)| *o == at) {
            Some((_, cell)) => *cell = joined,
            None => {
                cells.push((at, joined));
                cells.sort_by_key(|(o, _)| *o);
            }
        }
    }

    /// What the pointer at byte `at` of `v` points to; invents a node where nothing is known.
    pub(super) fn target_or_new(&mut self, body: &Body, v: ValueId, at: u64) -> Target {
        if let Some((n, o)) = self.value_cell(v, at).target {
            return (self.find(n), o);
        }
        // What is loaded, or moved about in registers, has the origin of the memory that it was loaded from, and
        // a dangling constant (Rust's empty slices: `inttoptr 8`) points to nothing at all.
        let hidden = |hidden: bool| hidden.then_some(Root::Unknown(v));
        // An address that is passed as a word: clang's form of a struct for which there is no register left.
        let word = |x: ValueId| match &body.value(x).def {
            Def::Arg(i) if matches!(body.ty(x).kind, TyKind::Int { bits: 64 }) => {
                Some(Root::Arg(*i))
            }
            _ => None,
        };
        let root = match &body.value(v).def {
            // A callee that was looked at says itself where its result comes from; a loop's phi may ask before it does.
            Def::Inst {
                op: Op::Call(call), ..
            } => hidden(!matches!(call.callee, Callee::Defined { .. })),
            Def::Arg(_) => word(v).or(hidden(true)),
            Def::Inst {
                op: Op::Cast(CastKind::IntToPtr, n),
                ..
            } => {
                // A word that is loaded has the origin that an address would have.
                let loaded = shared::is_from_memory(body, *n);
                let known = body.is_const(*n) || loaded || self.shared.is_word(*n);
                word(*n).or(hidden(!known))
            }
            // What was computed of words that are no addresses; a product is none itself.
            Def::Inst {
                op: Op::IntBin(..), ..
            } => {
                let word = self.shared.is_followed(v) && !self.numbers.contains(&v);
                hidden(word && !shared::is_from_memory(body, v))
            }
            Def::Inst { .. } | Def::Const(_) | Def::Global { .. } | Def::Function { .. } => None,
        };
        let node = self.new_node(root);
        let target = (node, Offset::ZERO);
        self.join_value(
            v,
            at,
            Cell {
                class: Class::Ptr,
                target: Some(target),
            },
        );
        target
    }

    fn touch(&mut self, ptr: ValueId, read: bool, written: bool) {
        if let Some((n, _)) = self.value_cell(ptr, 0).target {
            let n = self.find(n);
            let node = &mut self.nodes[n.0 as usize];
            node.read |= read;
            node.written |= written;
        }
    }
}

/// The registers that integer arithmetic (other than moving bits about), comparisons with an order, indices and
/// conversions take or make; casts and merges pass it on.
fn counted(body: &Body) -> FxHashSet<ValueId> {
    let mut out = FxHashSet::default();
    let insts: Vec<(ValueId, &Op)> = body.live_insts().collect();
    let mut grown = true;
    while grown {
        let before = out.len();
        // Both ways, for it is passed on both ways.
        for (v, op) in insts.iter().chain(insts.iter().rev()) {
            let v = *v;
            match op {
                Op::IntBin(
                    IntBin::Add
                    | IntBin::Sub
                    | IntBin::Mul
                    | IntBin::UDiv
                    | IntBin::SDiv
                    | IntBin::URem
                    | IntBin::SRem,
                    a,
                    b,
                ) => out.extend([v, *a, *b]),
                Op::Gep { indices, .. } => out.extend(indices.iter().map(|(i, _)| *i)),
                Op::Cast(CastKind::IntToFp, a) => {
                    out.insert(*a);
                }
                Op::Cast(CastKind::FpToInt, _) => {
                    out.insert(v);
                }
                Op::Switch { on, .. } => {
                    out.insert(*on);
                }
                Op::Cast(CastKind::ZExt | CastKind::SExt | CastKind::Trunc, a) | Op::Freeze(a)
                    if out.contains(&v) || out.contains(a) =>
                {
                    out.extend([v, *a]);
                }
                Op::Phi(incoming) => {
                    let all = || incoming.iter().map(|(_, x)| *x).chain([v]);
                    if all().any(|x| out.contains(&x)) {
                        out.extend(all());
                    }
                }
                Op::Select {
                    on_true, on_false, ..
                } => {
                    let all = [v, *on_true, *on_false];
                    if all.iter().any(|x| out.contains(x)) {
                        out.extend(all);
                    }
                }
                _ => {}
            }
        }
        grown = out.len() > before;
    }
    out.retain(|v| !body.is_const(*v));
    out
}
