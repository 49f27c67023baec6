//! What the later stages ask.

use std::fmt::Write;

use super::*;

impl Cells {
    /// The scalars of a register: byte offset and class.
    pub fn value(&self, v: ValueId) -> impl Iterator<Item = (u64, Class)> + '_ {
        self.values[v.index()].iter().map(|(o, c)| (*o, c.class))
    }

    /// What a pointer (at byte `at` of the register) points to.
    pub fn target(&self, v: ValueId, at: u64) -> Option<Target> {
        self.value_cell(v, at)
            .target
            .map(|(n, o)| (self.find(n), o))
    }

    /// All pointer cells of a register with their targets.
    pub fn targets(&self, v: ValueId) -> Vec<(u64, NodeId)> {
        self.values[v.index()]
            .iter()
            .filter_map(|(o, c)| c.target.map(|t| (*o, self.find(t.0))))
            .collect()
    }

    /// The shape of a node and what its cells hold, for people.
    pub fn describe(&self, n: NodeId) -> String {
        let node = self.node(n);
        let mut text = format!("node {}: step {}", self.find(n).0, node.step);
        for a in &node.arrays {
            let _ = write!(text, ", array at {} of {} by {}", a.at, a.len, a.step);
        }
        for (at, cell) in &node.cells {
            let _ = write!(text, "\n    {at}: {:?}", cell.class);
            if let Some((to, o)) = cell.target {
                let _ = write!(text, " to node {} at {}", self.find(to).0, o.at);
            }
        }
        text
    }

    pub fn is_pointer(&self, v: ValueId) -> bool {
        self.value_cell(v, 0).class == Class::Ptr
    }

    pub fn roots(&self, n: NodeId) -> &[Root] {
        &self.node(n).roots
    }

    pub fn escapes(&self, n: NodeId) -> bool {
        self.node(n).escapes
    }

    /// Whether a node is nothing but functions, or a constant table of them (a vtable): it needs no shadow.
    pub fn is_code(&self, n: NodeId) -> bool {
        let node = self.node(n);
        let constant = |r: &Root| matches!(r, Root::Global { constant: true, .. });
        (node.code && node.cells.is_empty())
            || (!node.roots.is_empty()
                && node.roots.iter().all(constant)
                && self.leads_to_code(n, 4))
    }

    pub(super) fn leads_to_code(&self, n: NodeId, depth: u32) -> bool {
        let node = self.node(n);
        if node.cells.is_empty() {
            return node.code;
        }
        depth > 0
            && node.cells.values().all(|c| match c.class {
                Class::Int => c.target.is_none(),
                Class::Ptr => c.target.is_some_and(|t| self.leads_to_code(t.0, depth - 1)),
                Class::Unknown
                | Class::Float(_)
                | Class::IntOrFloat(_)
                | Class::PtrOrFloat
                | Class::Piece(_)
                | Class::Conflict => false,
            })
    }

    /// What code that is not looked at reaches from one place it reaches from the next.
    pub(super) fn spread_opaque(&mut self) {
        let mut work: Vec<NodeId> = self.nodes().filter(|n| self.node(*n).opaque).collect();
        while let Some(n) = work.pop() {
            for p in self.pointees(n) {
                if !self.node(p).opaque && !self.is_code(p) {
                    self.nodes[p.0 as usize].opaque = true;
                    work.push(p);
                }
            }
        }
    }

    /// Whether floats may live there: anything that is not known to be something else. Of memory that nothing
    /// here looks at, a callee that only moves bytes may know no more than we do.
    pub fn may_hold_floats(&self, n: NodeId) -> bool {
        let node = self.node(n);
        node.escapes
            || node.opaque
            || (node.cells.is_empty() && !node.code)
            || node
                .cells
                .values()
                .any(|c| c.class == Class::Unknown || c.class.may_be_float())
    }

    /// The cells that `len` bytes behind `ptr` share a byte with, and where they begin.
    pub fn touched_at(&self, ptr: ValueId, len: u64) -> Vec<(i64, Class)> {
        let Some((node, offset)) = self.target(ptr, 0) else {
            return Vec::new();
        };
        const WIDEST: u64 = 16;
        self.cells_in(node, offset.at - WIDEST as i64, len + WIDEST)
            .into_iter()
            .filter(|(at, c)| at + c.class.bytes() > WIDEST)
            .map(|(at, c)| (at as i64 - WIDEST as i64, c.class))
            .collect()
    }

    /// The distances at which places of a node are not told apart, and of a pointer into it.
    pub fn strides(&self, n: NodeId, offset: Offset) -> impl Iterator<Item = u64> + '_ {
        let node = self.node(n);
        let arrays = node.arrays.iter().map(|a| a.step);
        arrays.chain([node.step, offset.stride()])
    }

    /// Their classes.
    pub fn touched(&self, ptr: ValueId, len: u64) -> Vec<Class> {
        let cells = self.touched_at(ptr, len);
        cells.into_iter().map(|(_, c)| c).collect()
    }

    /// Where the pointers lead to that `value`, read from behind `ptr`, is a part of, in a walk over such parts. (A single
    /// access is one of a small field, also where fields are not told apart.)
    pub fn parts_of_pointers(&self, ptr: ValueId, value: ValueId, len: u64) -> Vec<NodeId> {
        let Some((node, offset)) = self.target(ptr, 0) else {
            return Vec::new();
        };
        const POINTER: u64 = 8;
        let walks = (1..=len).contains(&offset.step);
        if len >= POINTER || !walks || self.counted.contains(&value) {
            return Vec::new();
        }
        let before = POINTER as i64 - 1;
        self.cells_in(node, offset.at - before, len + before as u64)
            .into_iter()
            .filter(|(_, c)| c.class.may_be_pointer())
            .filter_map(|(_, c)| c.target.map(|(n, _)| self.find(n)))
            .collect()
    }

    /// The float that `len` bytes behind `ptr`, which `value` holds, are only a part of.
    pub(super) fn part_of(
        &self,
        body: &Body,
        ptr: ValueId,
        value: ValueId,
        len: u64,
    ) -> Option<FloatKind> {
        let (node, _) = self.target(ptr, 0)?;
        let classes = self.touched(ptr, len);
        let mut kinds = classes.iter().filter_map(|c| c.float());
        let kind = kinds.next()?;
        if kind.bytes() <= len || kinds.any(|k| k != kind) {
            return None;
        }
        // Where the fields of a struct are not told apart, what is counted with, or hashed, is a field of its own. (In an
        // array of nothing but floats it is not: a fast logarithm counts with the high words.)
        let step = self.node(node).step;
        let floats_only = step.is_multiple_of(kind.bytes())
            && classes
                .iter()
                .all(|c| matches!(c, Class::Float(_) | Class::Int));
        let number = self.counted.contains(&value)
            || self.hashed.contains(&value)
            || self.shared.is_computed(body, value);
        (step == 0 || floats_only || !number).then_some(kind)
    }

    /// The representatives of all nodes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes.len() as u32)
            .map(NodeId)
            .filter(|n| self.find(*n) == *n)
    }

    /// The nodes that pointers stored in `n` point to.
    pub fn pointees(&self, n: NodeId) -> Vec<NodeId> {
        self.node(n)
            .cells
            .values()
            .filter_map(|c| c.target.map(|t| self.find(t.0)))
            .collect()
    }

    pub fn ret(&self) -> impl Iterator<Item = (u64, Class)> + '_ {
        self.ret.iter().map(|(o, c)| (*o, c.class))
    }

    pub fn ret_targets(&self) -> Vec<NodeId> {
        self.ret
            .iter()
            .filter_map(|(_, c)| c.target.map(|t| self.find(t.0)))
            .collect()
    }

    /// Whether a store moves a byte of which nothing says what it is, in a run of such bytes.
    pub fn is_presumed(&self, body: &Body, ptr: ValueId, value: ValueId) -> bool {
        const RUN: i64 = 4;
        let Some((node, offset)) = self.target(ptr, 0) else {
            return false;
        };
        let step = self.node(node).step;
        let bytes = body.ty(value).bytes as i64;
        let around = (-3..4).map(|k| self.cell(node, offset.at + k * bytes).class == Class::Int);
        let mut run = 0;
        let mut longest = 0;
        for there in around {
            run = if there { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        self.presumed.contains(&value)
            && ((1..=2).contains(&step) || step == 0 && longest * bytes >= RUN)
    }

    /// Whether nothing here writes it, and nothing that is not looked at can.
    pub fn is_never_written(&self, n: NodeId) -> bool {
        let node = self.node(n);
        !(node.written || node.escapes || node.opaque || node.fed)
    }

    /// Whether the memory is the function's own.
    pub fn is_own(&self, n: NodeId) -> bool {
        let roots = self.roots(n);
        !roots.is_empty() && roots.iter().all(|r| matches!(r, Root::Local(_)))
    }

    pub(super) fn find_fed(&mut self) {
        self.spread_opaque();
        let filled = |n: &NodeId| self.node(*n).fed || self.node(*n).opaque;
        let mut fed: FxHashSet<NodeId> = self.nodes().filter(filled).collect();
        let mut grown = true;
        while grown {
            grown = false;
            for (to, from) in &self.feeds {
                let (to, from) = (self.find(*to), self.find(*from));
                if !self.is_own(from) || fed.contains(&from) {
                    grown |= fed.insert(to);
                }
            }
        }
        self.fed = fed;
    }

    /// Marks memory that receives bytes of unknown kind.
    pub(super) fn feed(&mut self, n: NodeId) {
        let n = self.find(n);
        let node = &mut self.nodes[n.0 as usize];
        self.changed |= !node.fed;
        node.fed = true;
    }

    /// What the pointer at byte `at` of the result points to.
    pub fn ret_target(&self, at: u64) -> Option<Target> {
        let (_, cell) = self.ret.iter().find(|(o, _)| *o == at)?;
        cell.target.map(|(n, o)| (self.find(n), o))
    }

    /// What the pointer at this place of a node points to.
    pub fn pointee_at(&self, n: NodeId, at: i64) -> Option<NodeId> {
        self.cell(n, at).target.map(|(m, _)| self.find(m))
    }

    /// Whether all that lives in a node is known: from a type tree, or because the memory is the function's own and
    /// holds nothing of others, in which case bytes that nothing here looks at hold nothing that matters.
    pub fn is_known(&self, n: NodeId) -> bool {
        let node = self.node(n);
        let own = !node.roots.is_empty() && node.roots.iter().all(|r| matches!(r, Root::Local(_)));
        node.typed || (own && !node.escapes && !self.fed.contains(&self.find(n)))
    }

    /// The layout of the memory behind `ptr`, from there on: `len` bytes, or an unknown number of `unit`s.
    pub fn memory(&self, ptr: ValueId, len: Option<u64>, unit: u64) -> MemLayout {
        let Some((node, offset)) = self.target(ptr, 0) else {
            return MemLayout {
                step: 0,
                cells: Vec::new(),
                narrow: false,
            };
        };
        // Where the length is not known: as much as there is in the array that is walked over.
        let walked = offset.inner.max(unit).max(1);
        let array = self.array_around(node, offset.at, walked);
        if let (None, Some((_, room))) = (len, array.filter(|_| walked > 1)) {
            let key = self.node(node).key(offset.at);
            let step = (self.node(node).arrays.iter())
                .filter(|a| a.holds(key) && a.len == room)
                .map(|a| a.step)
                .next();
            if let Some(step) = step {
                let found = self.cells_in(node, key, step);
                return MemLayout::repeated(step, found);
            }
        }
        let step = self.node(node).step;
        let span = match (len, step) {
            (Some(n), 0) => n,
            (None, 0) => i64::MAX as u64 / 2,
            (_, step) => step.max(16),
        };
        let found = self.cells_in(node, offset.at, span);
        MemLayout::repeated(step, found)
    }
}
