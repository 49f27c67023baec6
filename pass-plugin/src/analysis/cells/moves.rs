//! Bytes that a function moves and of which it does not know what they are: its callers may.

use super::{Cell, Cells, Class, Target};
use crate::analysis::offset::Offset;
use crate::ir::{Body, Callee, Op, TyKind, ValueId};

/// `len` bytes go from one place of a function's memory to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub struct Move {
    pub to: Target,
    pub from: Target,
    pub len: u64,
}

impl Cells {
    /// The moves of a function and of those that it calls. In a function that calls itself there is no end of their places.
    pub(in crate::analysis) fn moves(&self, body: &Body, recursive: bool) -> Vec<Move> {
        // Past this many none is told: what they hold then is not known.
        const MOST: usize = 256;
        if recursive {
            return Vec::new();
        }
        let mut out = Vec::new();
        let mut add = |to: Option<Target>, from: Option<Target>, len: u64| {
            if let (Some(to), Some(from)) = (to, from)
                && (to != from && (self.is_unknown(to, len) || self.is_unknown(from, len)))
            {
                out.push(Move { to, from, len });
            }
        };
        for (v, op) in body.live_insts() {
            match op {
                Op::MemCopy { dst, src, len, .. } => {
                    if let Some(len) = body.const_int(*len).and_then(|n| u64::try_from(n).ok()) {
                        add(self.target(*dst, 0), self.target(*src, 0), len);
                    }
                }
                Op::Store { ptr, value } => {
                    if let Some(Op::Load { ptr: from, .. }) = body.op(*value) {
                        let len = body.ty(*value).bytes;
                        add(self.target(*ptr, 0), self.target(*from, 0), len);
                    }
                }
                Op::Call(call) if matches!(call.callee, Callee::Defined { .. }) => {
                    let instance = self.instance(v);
                    for m in instance.into_iter().flat_map(|i| &i.moves) {
                        let here = |(n, o)| Some((self.find(n), o));
                        add(here(m.to), here(m.from), m.len);
                    }
                }
                _ => {}
            }
        }
        out.sort();
        out.dedup();
        if out.len() > MOST {
            out.clear();
        }
        out
    }

    /// Last of all, where floats are doubles: words of memory that others fill, of which nothing says what they are. Each
    /// tells itself whether it is an address or a number.
    pub(super) fn presume_words(&mut self, body: &Body, v: ValueId, op: &Op) {
        const WORD: u64 = 8;
        let open =
            |this: &Self, p: ValueId| this.target(p, 0).is_some_and(|(n, _)| !this.is_known(n));
        match op {
            Op::Load { ptr, .. } if open(self, *ptr) => {
                for (at, ty) in body.types.scalars(body.value(v).ty) {
                    let word = matches!(body.types.get(ty).kind, TyKind::Int { bits: 64 });
                    let cell = self.value_cell(v, at);
                    if word && cell.class == Class::Unknown {
                        let class = Class::PtrOrFloat;
                        let target = cell
                            .target
                            .or_else(|| Some((self.new_node(None), Offset::ZERO)));
                        self.join_value(v, at, Cell { class, target });
                    }
                }
            }
            Op::MemCopy { dst, src, len, .. } if open(self, *dst) && open(self, *src) => {
                let len = body.const_int(*len).and_then(|n| u64::try_from(n).ok());
                let (Some(len), Some(from)) = (len, self.target(*src, 0)) else {
                    return;
                };
                // A word that begins in the middle of one is none.
                let begin = from.1.at.rem_euclid(WORD as i64);
                const LONGEST: u64 = 512;
                if begin != 0 || from.1.step % WORD != 0 || len > LONGEST {
                    return;
                }
                for at in (0..len / WORD).map(|k| k * WORD) {
                    let place = (from.0, from.1.plus(at as i64));
                    let around = self.cells_in(place.0, place.1.at - WORD as i64 + 1, 2 * WORD - 1);
                    let taken = |(o, c): &(u64, Cell)| {
                        c.class != Class::Unknown && o + c.class.bytes() > WORD - 1
                    };
                    if !around.iter().any(taken) {
                        let class = Class::PtrOrFloat;
                        let known = self.cell(place.0, place.1.at).target;
                        let target = known.or_else(|| Some((self.new_node(None), Offset::ZERO)));
                        self.join_memory(place.0, place.1.at, Cell { class, target });
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether nothing tells what some of these bytes are.
    fn is_unknown(&self, (n, offset): Target, len: u64) -> bool {
        let cells = self.cells_in(n, offset.at, len);
        let known = cells.iter().filter(|(_, c)| c.class != Class::Unknown);
        known.map(|(_, c)| c.class.bytes()).sum::<u64>() < len
    }

    /// What the callee of `v` moves is on both sides what its caller knows it to be on one.
    pub(super) fn move_again(&mut self, v: ValueId) {
        let moves = self.instance(v).map(|i| i.moves.clone());
        for m in moves.unwrap_or_default() {
            self.flow_bytes(m.to, m.from, Some(m.len), 1);
        }
    }
}

impl Move {
    /// The same with its places as `at` says.
    pub(in crate::analysis) fn map(self, at: impl Fn(Target) -> Option<Target>) -> Option<Move> {
        Some(Move {
            to: at(self.to)?,
            from: at(self.from)?,
            len: self.len,
        })
    }
}

impl Offset {
    /// As seen from a place that lies `by` before.
    pub(in crate::analysis) fn behind(self, by: Offset) -> Offset {
        let moved = self.plus(by.at);
        match by.step {
            0 => moved,
            step => moved.widen(step),
        }
    }
}
