//! Arrays inside of a node.
//!
//! A walk with a variable index through a member of a struct must not take the other members for elements of it. So
//! offsets of a node are told apart modulo its `step` and, inside of each [`Array`], modulo the array's own. Which
//! bytes are one array is *declared* (types, TBAA: [`Extents`]); an array is folded only when something walks over it,
//! and a walk that no declaration bounds folds the whole node, as ever.
//!
//! Why this ends: arrays come from finitely many declarations; once there, their steps shrink to divisors, two that
//! overlap become one, and one that doesn't fit in the node's step goes up in it.

use std::cmp::Reverse;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Cell, Cells, Node, NodeId, Target};
use crate::analysis::offset::{self, Offset, gcd};
use crate::ir::extents::{Extents, OPEN};
use crate::ir::{Body, Op, ValueId};

/// Bytes that are told apart modulo `step` only. An array in an array lies in the first element.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Array {
    pub at: i64,
    pub len: u64,
    pub step: u64,
}

/// What a front end says of the arrays around a place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Declared {
    pub base: i64,
    pub extents: Rc<Extents>,
}

/// No more places of one cell are looked at.
pub(super) const ALL: i64 = 4096;

/// A node has no more arrays than these, and no more declarations are kept.
const MOST: usize = 32;

impl Array {
    fn end(&self) -> i64 {
        self.at + self.len as i64
    }

    pub(in crate::analysis) fn holds(&self, at: i64) -> bool {
        self.at <= at && at < self.end()
    }
}

/// One way in which a cell is at several places.
struct Level {
    at: i64,
    step: i64,
    /// `None`: without beginning or end.
    count: Option<i64>,
}

impl Node {
    /// The place that stands for all that are not told apart from `at`.
    pub(in crate::analysis) fn key(&self, at: i64) -> i64 {
        let mut at = match self.step {
            0 => at,
            step => at.rem_euclid(step as i64),
        };
        // The larger come first.
        for a in &self.arrays {
            if a.holds(at) {
                at = a.at + (at - a.at) % a.step as i64;
            }
        }
        at
    }

    /// Where from `from` to `to` the cell of this key is; of each array no more than `most` elements, from both ends.
    pub(super) fn places(&self, key: i64, cell: &Cell, from: i64, to: i64, most: i64) -> Vec<i64> {
        let width = cell.class.bytes() as i64;
        let mut levels = Vec::new();
        if self.step != 0 {
            levels.push(Level {
                at: 0,
                step: self.step as i64,
                count: None,
            });
        }
        for a in self.arrays.iter().filter(|a| a.holds(key)) {
            let (step, len) = (a.step as i64, a.len as i64);
            let count = Some((len / step.max(width)).max(1));
            levels.push(Level {
                at: a.at,
                step,
                count,
            });
        }
        let mut out = Vec::new();
        spread(&levels, key, width, (from, to), most, &mut out);
        out
    }
}

fn spread(
    levels: &[Level],
    place: i64,
    width: i64,
    window: (i64, i64),
    most: i64,
    out: &mut Vec<i64>,
) {
    let Some((level, inner)) = levels.split_first() else {
        if window.0 <= place && place < window.1 {
            out.push(place);
        }
        return;
    };
    let (mut first, mut step) = (level.at, level.step);
    if step < width && inner.is_empty() {
        // With a step smaller than the scalar, every scalar-sized stretch is one cell.
        step = width;
        if level.count.is_none() || window.0 > first {
            first = window.0;
        }
    }
    // Where this element's copy of the place is, from its beginning.
    let rest = if step == width && level.step < width {
        0
    } else {
        place - level.at
    };
    let mut low = (window.0 - first - step + 1).div_euclid(step);
    let mut high = (window.1 - 1 - first).div_euclid(step);
    if let Some(count) = level.count {
        low = low.max(0);
        let end = level.at + count * level.step.max(width);
        high = high.min((end - first).div_euclid(step) - 1);
    }
    let shift = |k: i64| first - level.at + k * step;
    let mut element = |k: i64| {
        let moved: Vec<Level> = inner
            .iter()
            .map(|l| Level {
                at: l.at + shift(k),
                ..*l
            })
            .collect();
        spread(&moved, level.at + shift(k) + rest, width, window, most, out);
    };
    // Only an array says, where the cells are copied to, that its other elements are alike; a step does not.
    let all = match level.count {
        Some(_) => most,
        None => most.max(ALL),
    };
    if high - low < all {
        (low..=high).for_each(&mut element);
    } else {
        (low..low + all / 2).for_each(&mut element);
        (high - all / 2 + 1..=high).for_each(&mut element);
    }
}

/// The same shape in its only form: arrays apart or one inside an element of the other, the larger first.
fn normal(mut step: u64, mut arrays: Vec<Array>) -> (u64, Vec<Array>) {
    loop {
        if step != 0 {
            for a in &mut arrays {
                a.at = a.at.rem_euclid(step as i64);
                if a.len >= OPEN / 2 {
                    a.len = step - a.at as u64;
                }
            }
            if let Some(i) = arrays.iter().position(|a| a.end() > step as i64) {
                step = gcd(step, arrays.remove(i).step);
                continue;
            }
        }
        arrays.retain(|a| a.step != 0 && a.step < a.len);
        arrays.sort_by_key(|a| (Reverse(a.len), a.at, a.step));
        arrays.dedup();
        if arrays.len() > MOST {
            step = arrays.iter().fold(step, |s, a| gcd(s, a.step));
            return (step, Vec::new());
        }
        if !settle_one(&mut arrays) {
            return (step, arrays);
        }
    }
}

/// Puts one pair of arrays in order; whether there was one to put.
fn settle_one(arrays: &mut Vec<Array>) -> bool {
    for j in 1..arrays.len() {
        for i in 0..j {
            let (outer, inner) = (arrays[i], arrays[j]);
            if inner.end() <= outer.at || outer.end() <= inner.at {
                continue;
            }
            let within = (inner.at - outer.at).rem_euclid(outer.step as i64);
            if inner.at < outer.at || outer.end() < inner.end() {
                let at = outer.at.min(inner.at);
                let len = (outer.end().max(inner.end()) - at) as u64;
                let step = gcd(outer.step, inner.step);
                arrays[i] = Array { at, len, step };
                arrays.remove(j);
                return true;
            }
            if within as u64 + inner.len > outer.step {
                arrays[i].step = gcd(outer.step, inner.step);
                arrays.remove(j);
                return true;
            }
            if outer.at + within != inner.at {
                arrays[j].at = outer.at + within;
                return true;
            }
        }
    }
    false
}

/// What front ends say of arrays, at the values that pointers are computed from.
pub(super) fn declarations(body: &Body) -> FxHashMap<ValueId, Vec<Declared>> {
    let mut out: FxHashMap<ValueId, Vec<Declared>> = FxHashMap::default();
    for note in &body.notes {
        if note.layout.extents.is_empty() {
            continue;
        }
        let (mut root, mut base) = (note.ptr, note.layout.extents.start);
        while let Some(Op::Gep {
            base: from,
            offset,
            indices,
        }) = body.op(root)
            && indices.is_empty()
        {
            base += offset;
            root = *from;
        }
        let all = out.entry(root).or_default();
        let extents = Rc::new(Extents {
            start: 0,
            ..note.layout.extents.clone()
        });
        let declared = Declared { base, extents };
        if !all.contains(&declared) {
            all.push(declared);
        }
    }
    out
}

impl Cells {
    /// Folds a node: its offsets are told apart modulo `step` and in these arrays no more.
    fn reshape(&mut self, n: NodeId, step: u64, arrays: Vec<Array>) {
        let n = self.find(n);
        let (step, arrays) = normal(step, arrays);
        let node = &mut self.nodes[n.0 as usize];
        if node.step == step && node.arrays == arrays {
            return;
        }
        node.step = step;
        node.arrays = arrays;
        self.changed = true;
        let cells = std::mem::take(&mut node.cells);
        for (at, cell) in cells {
            self.join_memory(n, at, cell);
        }
    }

    pub(in crate::analysis) fn refine_step(&mut self, n: NodeId, step: u64) {
        let node = self.node(n);
        let new = gcd(node.step, step);
        if new != node.step {
            let arrays = node.arrays.clone();
            self.reshape(n, new, arrays);
        }
    }

    pub(in crate::analysis) fn add_arrays(&mut self, n: NodeId, new: &[Array]) {
        let node = self.node(n);
        if !new.is_empty() {
            let arrays = node.arrays.iter().chain(new).copied().collect();
            self.reshape(n, node.step, arrays);
        }
    }

    /// The shape of a node that another one becomes part of.
    pub(super) fn join_shape(&mut self, n: NodeId, other: &Node) {
        for declared in &other.declared {
            self.declare(n, declared.clone());
        }
        self.add_arrays(n, &other.arrays);
        if other.step != 0 {
            self.refine_step(n, other.step);
        }
    }

    pub(in crate::analysis) fn declare(&mut self, n: NodeId, declared: Declared) {
        let n = self.find(n);
        let known = &mut self.nodes[n.0 as usize].declared;
        if known.len() < MOST && !known.contains(&declared) {
            known.push(declared);
            known.sort_by_key(|d| d.base);
        }
    }

    /// The smallest array around a place that holds several steps of `stride`.
    pub(in crate::analysis) fn array_around(
        &self,
        n: NodeId,
        at: i64,
        stride: u64,
    ) -> Option<(i64, u64)> {
        let node = self.node(n);
        let at = node.key(at);
        let base = |d: &Declared| match node.step {
            0 => d.base,
            step => d.base.rem_euclid(step as i64),
        };
        // Smaller steps than an array's walk over bytes, if nothing is declared to the contrary.
        let walked = |a: &&Array| stride.is_multiple_of(a.step) || node.declared.is_empty();
        let folded = node.arrays.iter().filter(|a| a.holds(at)).filter(walked);
        let folded = folded.map(|a| (a.at, a.len));
        let declared = node.declared.iter().filter_map(|d| {
            let (from, mut len) = d.extents.around(at - base(d), stride)?;
            let from = from + base(d);
            if len >= OPEN / 2 {
                // It ends where the next struct begins.
                let next = node.declared.iter().map(base).filter(|b| *b > at).min();
                let next = next.or((node.step != 0).then_some(node.step as i64));
                len = next.map_or(len, |next| (next - from) as u64);
            }
            Some((from, len))
        });
        let fits = |(from, len): &(i64, u64)| {
            *len > stride && (node.step == 0 || from + *len as i64 <= node.step as i64)
        };
        folded
            .chain(declared)
            .filter(fits)
            .min_by_key(|(from, len)| (*len, *from))
    }

    /// The arrays in `len` bytes from `at`.
    pub(super) fn arrays_in(&self, n: NodeId, at: i64, len: u64) -> Vec<Array> {
        let node = self.node(n);
        let key = node.key(at);
        let end = key.saturating_add_unsigned(len);
        // Elements of the node that are looked at, each with its own arrays.
        let elements = match node.step {
            0 => 1,
            step => (len / step + 2).min(64) as i64,
        };
        let shifts = (0..elements).map(|k| k * node.step as i64);
        let all = shifts.flat_map(|shift| node.arrays.iter().map(move |a| (shift, *a)));
        let clipped = all.filter_map(|(shift, a)| {
            let skipped = (key - a.at - shift).max(0) as u64;
            let from = a.at + shift + skipped.next_multiple_of(a.step) as i64;
            let to = end.min(a.end() + shift);
            (to - from > a.step as i64).then(|| Array {
                at: from + at - key,
                len: (to - from) as u64,
                step: a.step,
            })
        });
        clipped.collect()
    }

    /// Attaches what front ends say of the memory behind `v` to its node.
    pub(super) fn hear_declared(&mut self, v: ValueId) {
        if let Some((n, at)) = self.value_cell(v, 0).target
            && !self.is_text(n)
            && let Some(all) = self.declared.get(&v).cloned()
        {
            for Declared { base, extents } in all {
                let base = base + at.at;
                self.declare(n, Declared { base, extents });
            }
        }
    }

    /// Moves a pointer by a multiple of `stride` that is not known.
    pub(super) fn walk(&mut self, n: NodeId, from: Offset, stride: u64) -> Offset {
        if stride == 0 {
            return from;
        }
        if from.step != 0 {
            if from.step <= stride {
                return from.widen(stride);
            }
            self.refine_step(n, from.step);
        }
        let Some((at, len)) = self.array_around(n, from.at, stride) else {
            return from.widen(stride);
        };
        let step = stride;
        self.add_arrays(n, &[Array { at, len, step }]);
        from.within(stride)
    }

    /// Where a pointer is that was computed by a chain of additions, the last of which is `v`.
    pub(super) fn walked(&mut self, body: &Body, v: ValueId) -> Target {
        let mut chain = Vec::new();
        let mut root = v;
        while let Some(Op::Gep {
            base,
            offset,
            indices,
        }) = body.op(root)
        {
            chain.push((*offset, indices));
            root = *base;
        }
        let (node, mut at) = self.target_or_new(body, root, 0);
        self.hear_declared(root);
        // Constants lead to the array that variable indices walk over; but what goes back after a walk (`a[i - 1]`)
        // leads to another element.
        let (mut back, mut walks) = (0, Vec::new());
        for (offset, indices) in chain.into_iter().rev() {
            if offset < 0 && !(walks.is_empty() && indices.is_empty()) {
                back += offset;
            } else {
                at = at.plus(offset);
            }
            for (index, scale) in indices {
                // A loop over the elements of a member may count their places in the struct.
                let (first, step) = offset::counted(body, *index)
                    .filter(|_| *scale > 0)
                    .unwrap_or_else(|| (0, offset::factor(body, *index, 4)));
                let first = i64::try_from(first).unwrap_or(0);
                at = at.plus(first.wrapping_mul(*scale));
                walks.push(scale.unsigned_abs().wrapping_mul(step));
            }
        }
        walks.sort_by_key(|stride| Reverse(*stride));
        for stride in walks {
            at = self.walk(node, at, stride);
        }
        (self.find(node), at.plus(back))
    }

    /// Both of two offsets. Between two places of one array lie elements of it.
    pub(super) fn join_offsets(&mut self, n: NodeId, a: Offset, b: Offset) -> Offset {
        let step = gcd(a.step, b.step);
        let apart = a.at.abs_diff(b.at);
        if apart == 0 || step != 0 && apart >= step {
            return a.join(b);
        }
        if step != 0 {
            self.refine_step(n, step);
        }
        // One of them may be the end of the array.
        for (x, y) in [(a, b), (b, a)] {
            let Some((at, len)) = self.array_around(n, x.at, apart) else {
                continue;
            };
            let there = y.at - (x.at - self.node(n).key(x.at));
            if at <= there && there <= at + len as i64 {
                let step = apart;
                self.add_arrays(n, &[Array { at, len, step }]);
                let all = Offset { at: x.at, ..y };
                return x.join(all).within(apart);
            }
        }
        a.join(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::cells::{Class, EMPTY};
    use crate::ir::FloatKind;

    fn array(at: i64, len: u64, step: u64) -> Array {
        Array { at, len, step }
    }

    fn node(step: u64, arrays: &[Array]) -> Node {
        let (step, arrays) = normal(step, arrays.to_vec());
        Node {
            step,
            arrays,
            ..Node::default()
        }
    }

    #[test]
    fn arrays_in_arrays_lie_in_the_first_element() {
        let n = node(0, &[array(40, 24, 8), array(8, 128, 32)]);
        assert_eq!(n.arrays, [array(8, 128, 32), array(8, 24, 8)]);
        assert_eq!(n.key(8 + 2 * 32 + 16), 8);
        assert_eq!(n.key(8 + 2 * 32 + 24), 32);
        assert_eq!(n.key(136), 136);
        assert_eq!(n.key(0), 0);
    }

    #[test]
    fn what_does_not_nest_becomes_one() {
        assert_eq!(
            node(0, &[array(8, 32, 16), array(24, 32, 8)]).arrays,
            [array(8, 48, 8)]
        );
        // Larger than the element that it begins in.
        assert_eq!(
            node(0, &[array(0, 64, 16), array(8, 24, 8)]).arrays,
            [array(0, 64, 8)]
        );
        let folded = node(24, &[array(16, 16, 8)]);
        assert_eq!((folded.step, &folded.arrays[..]), (8, &[][..]));
    }

    #[test]
    fn places_of_a_cell() {
        let double = Cell {
            class: Class::Float(FloatKind::F64),
            ..EMPTY
        };
        let n = node(0, &[array(8, 128, 32), array(8, 24, 8)]);
        assert_eq!(n.places(8, &double, 0, 80, 99), [8, 16, 24, 40, 48, 56, 72]);
        let n = node(40, &[array(16, 16, 8)]);
        assert_eq!(n.places(16, &double, 20, 70, 99), [24, 56, 64]);
        let n = node(4, &[]);
        assert_eq!(n.places(0, &double, 12, 40, 99), [12, 20, 28, 36]);
        let n = node(8, &[]);
        let all: Vec<i64> = (0..64).step_by(8).collect();
        assert_eq!(n.places(0, &double, 0, 64, 8), all);
    }
}
