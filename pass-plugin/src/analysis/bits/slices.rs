//! Floats that are taken apart into words, and put together again: `frexp`, `ldexp` and what the like of them do with the
//! high word of a double.
//!
//! An integer is described as the sum of runs of bits of floats, each shifted to some place, and of something that is locally
//! constant. A sign and an exponent are constant between two powers of two, and so is what is computed from them; the
//! fraction is linear in the float. So a float with the leading bits of another's fraction in their place is that one
//! times a power of two, plus a constant.

use rustc_hash::FxHashSet;

use super::super::cells::Class;
use super::{Reader, fraction_bits, ones};
use crate::ir::{CastKind, FloatKind, IntBin, Op, TyKind, ValueId};

/// Bits that vary with a float.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Slice {
    /// The register that holds the float; `None`: a number that was converted.
    of: Option<ValueId>,
    /// Which of its bits.
    kept: u128,
    /// How far they are shifted up.
    up: i32,
}

impl Slice {
    fn placed(self) -> u128 {
        match self.up {
            0.. => self.kept.checked_shl(self.up as u32).unwrap_or(0),
            _ => self.kept >> self.up.unsigned_abs().min(127),
        }
    }

    /// Only what comes to these places.
    fn masked(self, mask: u128) -> Slice {
        let there = match self.up {
            0.. => mask >> self.up.min(127),
            _ => mask << self.up.unsigned_abs().min(127),
        };
        Slice {
            kept: self.kept & there,
            ..self
        }
    }
}

/// How a float that is put together depends on others.
pub(super) enum Whole {
    /// It has the fraction of the float in this register.
    Of(ValueId),
    Constant,
}

const DEPTH: u32 = 16;

impl Reader<'_> {
    /// A scalar register whose bits are those of a float that was taken apart; `None`: it is something else.
    pub(super) fn assembled(&self, v: ValueId, kind: FloatKind) -> Option<Whole> {
        let fraction = fraction_bits(kind)?;
        let mut leading = None;
        for slice in self.slices(v, kind, 0)? {
            let there = slice.placed() & ones(fraction);
            if there == 0 {
                continue;
            }
            match (slice.of, leading) {
                (None, _) => return None,
                // What is below the leading bits is lost, as in a rounding.
                (Some(_), _) if there >> (fraction - 1) == 0 && slice.up == 0 => {}
                (Some(of), None) if slice.up == 0 => leading = Some(of),
                (Some(_), _) => return None,
            }
        }
        Some(leading.map_or(Whole::Constant, Whole::Of))
    }

    fn slices(&self, v: ValueId, kind: FloatKind, depth: u32) -> Option<Vec<Slice>> {
        let TyKind::Int { bits } = self.body.ty(v).kind else {
            return None;
        };
        if self.body.is_const(v) {
            return Some(Vec::new());
        }
        if depth > DEPTH || bits > 64 {
            return None;
        }
        let fraction = ones(fraction_bits(kind)?);
        let width = ones(bits);
        let deeper = |x: ValueId| self.slices(x, kind, depth + 1);
        let constant = |x: ValueId| self.body.const_int(x).map(|n| n as u128 & width);
        let whole = |of: Option<ValueId>| {
            Some(vec![Slice {
                of,
                kept: if of.is_some() { fraction } else { width },
                up: 0,
            }])
        };
        let is_whole = u64::from(bits) == kind.bytes() * 8;
        let found = match self.body.op(v)? {
            Op::Cast(CastKind::Bitcast, x)
                if is_whole && self.body.types.float_kind(self.body.value(*x).ty) == Some(kind) =>
            {
                return whole(Some(v));
            }
            Op::Cast(CastKind::FpToInt, _) => return whole(None),
            Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, x) | Op::Freeze(x) => {
                deeper(*x)?
            }
            Op::IntBin(op, a, b) => {
                let (x, y) = (deeper(*a)?, deeper(*b)?);
                match (op, constant(*a), constant(*b)) {
                    _ if x.is_empty() && y.is_empty() => Vec::new(),
                    (IntBin::And, None, Some(mask)) => masked(x, mask),
                    (IntBin::And, Some(mask), None) => masked(y, mask),
                    // Bits that are set vary no more.
                    (IntBin::Or, None, Some(set)) => masked(x, !set),
                    (IntBin::Or, Some(set), None) => masked(y, !set),
                    (IntBin::Xor, None, Some(n)) | (IntBin::Xor, Some(n), None)
                        if x.iter().chain(&y).all(|s| s.placed() & n & fraction == 0) =>
                    {
                        x.into_iter().chain(y).collect()
                    }
                    (IntBin::Shl, _, Some(n)) => shifted(x, i32::try_from(n).ok()?),
                    (IntBin::LShr | IntBin::AShr, _, Some(n)) => {
                        let n = i32::try_from(n).ok()?;
                        let dropped = ones(n.clamp(1, 127) as u32);
                        shifted(if n == 0 { x } else { masked(x, !dropped) }, -n)
                    }
                    (IntBin::Sub, ..) if y.is_empty() => x,
                    (IntBin::Add | IntBin::Or | IntBin::Xor, ..) => {
                        let apart = x
                            .iter()
                            .all(|s| y.iter().all(|t| s.placed() & t.placed() == 0));
                        if !apart {
                            return None;
                        }
                        x.into_iter().chain(y).collect()
                    }
                    _ => return None,
                }
            }
            Op::Select {
                on_true, on_false, ..
            } => {
                let (x, y) = (deeper(*on_true)?, deeper(*on_false)?);
                if x != y {
                    return None;
                }
                x
            }
            _ if is_whole && self.is_float(v, 0, kind) => return whole(Some(v)),
            // Which of them it is, is constant; what they are need not be.
            Op::Phi(_) if self.has_bits(v) => return None,
            _ if self.cells.value(v).all(|(_, c)| c == Class::Int) => Vec::new(),
            _ => return None,
        };
        // What is beyond the width is gone, and signs and exponents are constant.
        let mut found = masked(found, width);
        for slice in found.iter_mut().filter(|s| s.of.is_some()) {
            slice.kept &= fraction;
        }
        found.retain(|s| s.kept != 0);
        Some(found)
    }

    /// An integer that is locally constant: no fraction of a float's bits is in it.
    pub(super) fn is_steady(&self, v: ValueId, kind: FloatKind) -> bool {
        let known = || self.cells.value(v).all(|(_, c)| c == Class::Int);
        self.body.is_const(v)
            || known()
                && match self.slices(v, kind, 0) {
                    Some(slices) => slices.iter().all(|s| s.of.is_none()),
                    None => !self.has_bits(v),
                }
    }

    /// Whether an integer is computed from the bits of a float.
    pub(super) fn has_bits(&self, v: ValueId) -> bool {
        let (floats, perhaps) = self.roots(v, true);
        !floats.is_empty() || perhaps
    }

    /// Whether an integer has nothing of a float, or is a small one that is read as it is from words in which a float may be
    /// in its place, as from a union or a variant. (The lowest half of a double's fraction is nobody's number.)
    pub(super) fn is_number(&self, v: ValueId) -> bool {
        let mut seen = FxHashSet::default();
        let mut work = vec![v];
        while let Some(v) = work.pop() {
            if self.body.is_const(v) || !seen.insert(v) {
                continue;
            }
            let small = matches!(self.body.ty(v).kind, TyKind::Int { bits: 8 | 16 | 32 });
            match self.body.op(v) {
                Some(Op::Cast(CastKind::ZExt | CastKind::SExt, x) | Op::Freeze(x)) => work.push(*x),
                Some(Op::Phi(from)) => work.extend(from.iter().map(|(_, x)| *x)),
                Some(Op::Select {
                    on_true, on_false, ..
                }) => work.extend([*on_true, *on_false]),
                Some(Op::Load { .. }) if small => {}
                Some(Op::Cast(CastKind::Trunc, x))
                    if small && !matches!(self.body.op(*x), Some(Op::IntBin(..))) => {}
                _ if self.roots(v, false).0.is_empty() => {}
                _ => return false,
            }
        }
        true
    }

    /// The registers whose floats an integer is computed from, and whether others may be floats as well. Without
    /// `products`, what was multiplied or divided is a number of its own: a first guess that is made so is not
    /// differentiated.
    pub(super) fn roots(&self, v: ValueId, products: bool) -> (Vec<ValueId>, bool) {
        let (mut roots, mut perhaps) = (Vec::new(), false);
        let mut seen = FxHashSet::default();
        let mut work = vec![v];
        while let Some(v) = work.pop() {
            if self.body.is_const(v) || !seen.insert(v) {
                continue;
            }
            match self.body.op(v) {
                Some(Op::Cast(CastKind::Bitcast, x)) => {
                    match self.body.types.float_kind(self.body.value(*x).ty) {
                        Some(_) => roots.push(*x),
                        None => work.push(*x),
                    }
                }
                Some(Op::Cast(CastKind::Trunc | CastKind::ZExt | CastKind::SExt, x))
                | Some(Op::Freeze(x)) => work.push(*x),
                Some(Op::IntBin(bin, ..)) if bin.is_product() && !products => {}
                Some(Op::IntBin(_, x, y)) => work.extend([*x, *y]),
                Some(Op::Select {
                    on_true, on_false, ..
                }) => work.extend([*on_true, *on_false]),
                Some(Op::Phi(from)) => work.extend(from.iter().map(|(_, x)| *x)),
                _ => {
                    let has = |is: fn(Class) -> bool| self.cells.value(v).any(|(_, c)| is(c));
                    if has(|c| matches!(c, Class::Float(_) | Class::Piece(_))) {
                        roots.push(v);
                    }
                    perhaps |= has(|c| c != Class::Int);
                }
            }
        }
        (roots, perhaps)
    }
}

fn masked(slices: Vec<Slice>, mask: u128) -> Vec<Slice> {
    slices.into_iter().map(|s| s.masked(mask)).collect()
}

fn shifted(slices: Vec<Slice>, by: i32) -> Vec<Slice> {
    let up = |s: Slice| Slice { up: s.up + by, ..s };
    slices.into_iter().map(up).collect()
}
