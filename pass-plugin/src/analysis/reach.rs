//! How far from each of its pointer parameters a function reaches, when every variable index counts as zero.
//!
//! A callee that walks over what it is given with a variable index stays in the caller's array, as C has it; but only if
//! it was given that array, and not the struct that begins with it. What it reaches at constant distances tells the two
//! apart: the walks over `s->a[i]` and `s->b[i]` look alike in a callee that knows no extents.

use super::cells::Cells;
use crate::ir::{Body, Callee, Op, ValueId};

/// Bytes from a parameter: from the lowest that is reached to behind the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    from: i64,
    to: i64,
}

impl Reach {
    /// Not known, or not a pointer: anything.
    pub const ANYTHING: Reach = Reach {
        from: i64::MIN,
        to: i64::MAX,
    };
    const START: Reach = Reach { from: 0, to: 0 };

    fn join(self, other: Reach) -> Reach {
        Reach {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
        }
    }

    fn plus(self, other: Reach) -> Reach {
        Reach {
            from: self.from.saturating_add(other.from),
            to: self.to.saturating_add(other.to),
        }
    }

    /// Whether a walk that begins `start` bytes into an array of `len` bytes stays there. Before the start it may go: an
    /// index that is never zero has a constant taken off (`a[i - 1]`).
    pub fn stays_in(self, start: i64, len: u64) -> bool {
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        self.from > -len && self.to <= len - start
    }
}

/// The parameters that a pointer may be made of, and its distances from each.
type Derived = Vec<(u32, Reach)>;

/// The reach from each parameter. In a function that calls itself, a shifted pointer in a call is one more step of a
/// walk: without that, each round of finding out would reach further.
pub fn of(body: &Body, cells: &Cells, recursive: bool) -> Vec<Reach> {
    let is_ptr = |p: &ValueId| body.types.is_ptr(body.value(*p).ty);
    let start = |p: &ValueId| match is_ptr(p) {
        true => Reach::START,
        false => Reach::ANYTHING,
    };
    let mut reach: Vec<Reach> = body.params.iter().map(start).collect();
    let derived = derived_pointers(body);
    for (v, op) in body.live_insts() {
        let mut reached = |x: ValueId, bytes: Reach, shifted: bool| {
            for (i, at) in &derived[x.index()] {
                let place = &mut reach[*i as usize];
                *place = place.join(match shifted {
                    true => at.plus(bytes),
                    false => bytes,
                });
            }
        };
        let bytes = |n: u64| Reach {
            from: 0,
            to: i64::try_from(n).unwrap_or(i64::MAX),
        };
        let constant = |n: ValueId| body.const_int(n).and_then(|n| u64::try_from(n).ok());
        let size = match op {
            Op::Gep { .. } | Op::Phi(_) | Op::Select { .. } | Op::Freeze(_) | Op::ICmp(..) => {
                continue;
            }
            Op::Call(call) => {
                let instance = cells.instance(v);
                for (i, arg) in call.args.iter().enumerate() {
                    let theirs = match (&call.callee, instance) {
                        (Callee::Defined { .. }, Some(instance)) => instance.reach(i),
                        _ => bytes(1),
                    };
                    reached(*arg, theirs, !recursive);
                }
                continue;
            }
            Op::Load { .. } => body.ty(v).bytes,
            Op::Store { value, .. } => body.ty(*value).bytes,
            Op::MemCopy { len, .. } | Op::MemSet { len, .. } => constant(*len).unwrap_or(1),
            // Whatever else takes a pointer may use it where it points to.
            _ => 1,
        };
        op.for_each_operand(|x| reached(x, bytes(size), true));
    }
    reach
}

fn derived_pointers(body: &Body) -> Vec<Derived> {
    let mut derived: Vec<Derived> = vec![Vec::new(); body.values.len()];
    for (i, p) in body.params.iter().enumerate() {
        if body.types.is_ptr(body.value(*p).ty) {
            derived[p.index()].push((i as u32, Reach::START));
        }
    }
    // The second round brings what comes around a loop.
    for _ in 0..2 {
        for (v, op) in body.live_insts() {
            let mut found = Vec::new();
            match op {
                Op::Gep { base, offset, .. } => {
                    let shift = Reach {
                        from: *offset,
                        to: *offset,
                    };
                    let shifted = derived[base.index()].iter();
                    found.extend(shifted.map(|(i, at)| (*i, at.plus(shift))));
                }
                Op::Freeze(x) => join(&mut found, &derived[x.index()]),
                Op::Select {
                    on_true, on_false, ..
                } => {
                    join(&mut found, &derived[on_true.index()]);
                    join(&mut found, &derived[on_false.index()]);
                }
                Op::Phi(incoming) => {
                    let others = incoming.iter().filter(|(_, x)| start_of(body, *x) != v);
                    others.for_each(|(_, x)| join(&mut found, &derived[x.index()]));
                }
                _ => continue,
            }
            derived[v.index()] = found;
        }
    }
    derived
}

fn join(all: &mut Derived, more: &Derived) {
    for (i, at) in more {
        match all.iter_mut().find(|(j, _)| i == j) {
            Some((_, known)) => *known = known.join(*at),
            None => all.push((*i, *at)),
        }
    }
}

/// What a pointer is computed from by adding to it.
pub(super) fn start_of(body: &Body, mut v: ValueId) -> ValueId {
    while let Some(Op::Gep { base, .. }) = body.op(v) {
        v = *base;
    }
    v
}
