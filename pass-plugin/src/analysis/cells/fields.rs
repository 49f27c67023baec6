//! Members of objects whose places are not told apart: an array of narrow integers in a struct, walked over, folds all of the
//! struct by the integers' size (the keys of a B-tree's node).

use super::Cells;
use crate::analysis::reach::start_of;
use crate::ir::{Body, Op, ValueId};

/// No longer chains of merges are followed.
const DEPTH: u32 = 8;

impl Cells {
    /// Whether what is read from behind `ptr`, so many bytes, is a number and no part of an address: what is read elsewhere
    /// in such a walk, which begins at the same distance from the same object, is compared, counted with or hashed and nothing
    /// else. No program orders its objects by halves of addresses.
    pub fn is_number_field(&self, body: &Body, ptr: ValueId, bytes: u64) -> bool {
        let node = |p: ValueId| self.target(p, 0).map(|(n, _)| n);
        let Some(begin) = begin(body, ptr, DEPTH) else {
            return false;
        };
        let same = |p: ValueId| node(p) == node(ptr) && self::begin(body, p, DEPTH) == Some(begin);
        body.live_insts().any(|(v, op)| match op {
            Op::Load { ptr: p, .. } => {
                self.hashed.contains(&v) && body.ty(v).bytes == bytes && same(*p)
            }
            _ => false,
        })
    }
}

/// How far behind the beginning of an object a pointer's walk begins, every variable index counted as zero; `None` where
/// that depends on the way taken.
fn begin(body: &Body, ptr: ValueId, depth: u32) -> Option<i64> {
    let depth = depth.checked_sub(1)?;
    match body.op(ptr) {
        Some(Op::Gep { base, offset, .. }) => {
            Some(begin(body, *base, depth)?.wrapping_add(*offset))
        }
        Some(Op::Freeze(x)) => begin(body, *x, depth),
        Some(Op::Select {
            on_true, on_false, ..
        }) => {
            let from = begin(body, *on_true, depth)?;
            (begin(body, *on_false, depth)? == from).then_some(from)
        }
        Some(Op::Phi(incoming)) => {
            // What comes around a loop is a step of the walk.
            let others = incoming.iter().filter(|(_, x)| start_of(body, *x) != ptr);
            let mut begins = others.map(|(_, x)| begin(body, *x, depth));
            let first = begins.next()??;
            begins.all(|b| b == Some(first)).then_some(first)
        }
        _ => Some(0),
    }
}
