//! Accesses to a part of a float in memory, where that part is counted with: `high_word += k << 20`.
//!
//! The derivative of such arithmetic is that of the whole float, so `prepare` makes accesses of the whole of these.

use super::cells::Cells;
use crate::ir::notes::Said;
use crate::ir::{Body, FloatKind, Op, TyKind, ValueId};

/// A load or store of some bytes of a float.
#[derive(Clone, Copy, Debug)]
pub struct Half {
    pub inst: ValueId,
    pub ptr: ValueId,
    /// From the float's beginning.
    pub at: u64,
}

/// All accesses to parts of doubles in memory where one of them stores what was computed.
pub fn halves(body: &Body) -> Vec<Half> {
    if !body.live_insts().any(|(_, op)| stores_computed(body, op)) {
        return Vec::new();
    }
    let trees = vec![None; body.params.len()];
    let cells = Cells::run(body, &trees, &|_| None);
    let node = |p: ValueId| cells.target(p, 0).map(|(n, _)| n);
    let mut all = Vec::new();
    let mut wanted = Vec::new();
    for (v, op) in body.live_insts() {
        let (ptr, value) = match op {
            Op::Store { ptr, value } => (*ptr, *value),
            Op::Load {
                ptr,
                volatile: false,
            } => (*ptr, v),
            _ => continue,
        };
        let Some(at) = place_in_double(body, &cells, ptr, value) else {
            continue;
        };
        if stores_computed(body, op) {
            wanted.extend(node(ptr));
        }
        all.push(Half { inst: v, ptr, at });
    }
    all.retain(|half| node(half.ptr).is_some_and(|n| wanted.contains(&n)));
    all
}

/// A word that is not just moved.
fn stores_computed(body: &Body, op: &Op) -> bool {
    let Op::Store { value, .. } = op else {
        return false;
    };
    let word = matches!(body.ty(*value).kind, TyKind::Int { bits: 16 | 32 });
    word && (body.const_int(*value).is_some()
        || matches!(
            body.op(*value),
            Some(Op::IntBin(..) | Op::Select { .. } | Op::Phi(_))
        ))
}

/// Where in a double these bytes lie; `None`: in none, or nobody knows where.
fn place_in_double(body: &Body, cells: &Cells, ptr: ValueId, value: ValueId) -> Option<u64> {
    let TyKind::Int { bits: 8 | 16 | 32 } = body.ty(value).kind else {
        return None;
    };
    let len = body.ty(value).bytes as i64;
    let (node, offset) = cells.target(ptr, 0)?;
    if !cells.strides(node, offset).all(|step| step % 8 == 0) {
        return None;
    }
    let mut around = cells.touched_at(ptr, len as u64).into_iter();
    let (at, _) = around
        .find(|(at, class)| class.float() == Some(FloatKind::F64) && *at <= 0 && at + 8 >= len)?;
    (!declared_apart(body, ptr)).then_some(at.unsigned_abs())
}

/// Whether a front end says that there is a scalar of its own, in a struct that shares its memory with doubles.
fn declared_apart(body: &Body, ptr: ValueId) -> bool {
    let (mut base, mut at) = (ptr, 0i64);
    loop {
        for note in body.notes.iter().filter(|note| note.ptr == base) {
            let here = match note.layout.step {
                0 => at,
                step => at.rem_euclid(step as i64),
            };
            let mut cells = note.layout.cells.iter();
            if cells.any(|(o, said)| *o == here && *said != Said::Float(FloatKind::F64)) {
                return true;
            }
        }
        let Some(Op::Gep {
            base: from, offset, ..
        }) = body.op(base)
        else {
            return false;
        };
        at = at.wrapping_add(*offset);
        base = *from;
    }
}
