//! What is heard only after the operations have spoken: weak evidence, and what is presumed where nothing else is known.

use super::transfer::INT;
use super::{Cell, Cells, Class, EMPTY};
use crate::analysis::bits::{self, Factor};
use crate::analysis::offset::Offset;
use crate::ir::{Body, Callee, CastKind, Op, TyKind, ValueId};

impl Cells {
    /// From where to where bytes move of which nothing says what they are.
    pub(super) fn feed_through(&mut self, body: &Body, v: ValueId, op: &Op) {
        let node = |this: &Self, p: ValueId| this.target(p, 0).map(|(n, _)| n);
        match op {
            Op::Store { ptr, value } => {
                let unknown = self.values[value.index()].is_empty() && !body.is_const(*value);
                let Some(to) = node(self, *ptr).filter(|_| unknown) else {
                    return;
                };
                let from = match body.op(*value) {
                    Some(Op::Load { ptr, .. }) => node(self, *ptr),
                    _ => None,
                };
                match from {
                    Some(from) => self.feeds.push((to, from)),
                    None => self.feed(to),
                }
            }
            Op::MemCopy { dst, src, .. } if self.moves_text(*dst, *src) => {}
            Op::MemCopy { dst, src, .. } => {
                if let (Some(to), Some(from)) = (node(self, *dst), node(self, *src)) {
                    self.feeds.push((to, from));
                }
            }
            Op::Call(_) => {
                if let Some(instance) = self.instances.get(&v) {
                    self.feeds.extend(instance.feeds.iter().copied());
                }
            }
            _ => {}
        }
    }

    /// Last of all: small integers that are moved, and are no bytes of a float.
    pub(super) fn presume(&mut self, body: &Body, v: ValueId, op: &Op) {
        if let Op::Load { .. } | Op::Phi(_) | Op::Select { .. } = op
            && self.values[v.index()].is_empty()
        {
            let padding = match op {
                Op::Load { ptr, .. } => self.target(*ptr, 0).is_some_and(|(n, _)| self.is_known(n)),
                _ => false,
            };
            for (at, ty) in body.types.scalars(body.value(v).ty) {
                let small = matches!(body.types.get(ty).kind, TyKind::Int { bits } if bits < 32);
                if padding || small {
                    if !padding {
                        self.presumed.insert(v);
                    }
                    let class = Class::Int;
                    self.join_value(
                        v,
                        at,
                        Cell {
                            class,
                            target: None,
                        },
                    );
                }
            }
        }
    }

    /// Sixteen bits without evidence are a number: half floats come with it.
    pub(super) fn half_words(&mut self, body: &Body, v: ValueId) {
        for (at, ty) in body.types.scalars(body.value(v).ty) {
            let half =
                matches!(body.types.get(ty).kind, TyKind::Int { bits } if (16..32).contains(&bits));
            if half && self.value_cell(v, at) == EMPTY {
                self.join_value(v, at, INT);
            }
        }
    }

    /// Float bits that integer arithmetic works on: what they are on one side of it, they are on the other.
    pub(super) fn bit_evidence(&mut self, body: &Body, v: ValueId) {
        for term in bits::terms(body, self, v).unwrap_or_default() {
            let (kind, of) = match term.factor {
                Factor::ToNumber(_, of) => (of, term.operand),
                Factor::FromNumber(_) => continue,
                Factor::One
                | Factor::MinusOne
                | Factor::Signs
                | Factor::Where { .. }
                | Factor::Ulps(_) => (term.kind, term.operand),
            };
            let class = Class::Float(kind);
            self.join_value(
                of,
                term.from,
                Cell {
                    class,
                    target: None,
                },
            );
        }
        for (at, class) in bits::carried(body, self, v) {
            self.join_value(
                v,
                at,
                Cell {
                    class,
                    target: None,
                },
            );
        }
    }

    /// A 32-bit member of a struct in a register is what its type says: front ends pack floats into integers of a
    /// whole register's size only.
    pub(super) fn narrow_members(&mut self, body: &Body, v: ValueId) {
        if !matches!(
            body.ty(v).kind,
            TyKind::Struct { .. } | TyKind::Array { .. }
        ) {
            return;
        }
        for (at, ty) in body.types.scalars(body.value(v).ty) {
            let narrow = matches!(body.types.get(ty).kind, TyKind::Int { bits } if bits <= 32);
            if narrow && self.value_cell(v, at) == EMPTY {
                self.join_value(v, at, INT);
            }
        }
    }

    /// Words that are only moved may be pointers: what they point to is the same on both sides of the move, which is
    /// all that a caller learns of it.
    pub(super) fn move_unknown_words(&mut self, body: &Body, v: ValueId, op: &Op) {
        match op {
            Op::Load { .. } => {
                for (at, ty) in body.types.scalars(body.value(v).ty) {
                    let cell = self.value_cell(v, at);
                    let word = matches!(body.types.get(ty).kind, TyKind::Int { bits: 64 });
                    if word && cell.class == Class::Unknown && cell.target.is_none() {
                        let target = Some((self.new_node(None), Offset::ZERO));
                        self.join_value(v, at, Cell { target, ..EMPTY });
                    }
                }
            }
            Op::MemCopy { dst, src, len, .. } => {
                let len = body.const_int(*len).and_then(|n| u64::try_from(n).ok());
                let (Some((d, d_off)), Some((s, s_off))) =
                    (self.target(*dst, 0), self.target(*src, 0))
                else {
                    return;
                };
                if d == s || !self.node(d).cells.is_empty() || !self.node(s).cells.is_empty() {
                    return;
                }
                match len {
                    // A few words, each on its own.
                    Some(len @ 8..=64) if d_off.step == 0 && s_off.step == 0 => {
                        for at in (0..=len - 8).step_by(8) {
                            let target = Some((self.new_node(None), Offset::ZERO));
                            self.join_memory(s, s_off.at + at as i64, Cell { target, ..EMPTY });
                        }
                    }
                    Some(0..8) => {}
                    Some(_) | None => {
                        self.unify(d, s);
                    }
                }
            }
            _ => {}
        }
    }

    /// Once all else has been heard: what is counted with is an integer.
    pub(super) fn weak_evidence(&mut self, body: &Body, v: ValueId, op: &Op) {
        let int = INT;
        self.narrow_members(body, v);
        self.half_words(body, v);
        // A pointer that nothing here follows may be followed by who reads it next.
        for (at, cell) in self.values[v.index()].clone() {
            if cell.class == Class::Ptr && cell.target.is_none() {
                self.target_or_new(body, v, at);
            }
        }
        let say = |this: &mut Self, x: ValueId| {
            let scalar = matches!(body.ty(x).kind, TyKind::Int { .. });
            if scalar && !body.is_const(x) && this.values[x.index()].is_empty() {
                this.join_value(x, 0, int);
            }
        };
        match op {
            Op::IntBin(_, a, b) | Op::ICmp(a, b) => {
                say(self, v);
                say(self, *a);
                say(self, *b);
            }
            Op::Cast(
                CastKind::FpToInt
                | CastKind::IntToFp
                | CastKind::ZExt
                | CastKind::SExt
                | CastKind::Trunc,
                a,
            ) => {
                say(self, v);
                say(self, *a);
            }
            Op::Gep { indices, .. } => indices.iter().for_each(|(i, _)| say(self, *i)),
            Op::Switch { on, .. } => say(self, *on),
            Op::MemCopy { len, .. } | Op::MemSet { len, .. } => say(self, *len),
            Op::Call(call) => {
                if let Callee::Math(_) | Callee::Inactive | Callee::Alloc(_) = call.callee {
                    say(self, v);
                    call.args.iter().for_each(|x| say(self, *x));
                }
            }
            _ => {}
        }
    }
}
