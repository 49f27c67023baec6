//! What integer operations do to the floats whose bits they work on.
//!
//! Moving bytes about is moving the floats in them. Besides, programs clear, set, flip and copy sign bits, select by
//! masks, and treat the bits as a number: adding to the exponent, replacing it, halving the whole (the fast inverse
//! square root). For the last kind: within a binade the bits are linear in the float, so
//! `d bits = d x / ulp(x)`, and whatever is linear in the bits has a derivative there; [`Factor::Ulps`] is the ratio
//! of the units of both ends. All else is not understood, and refused if it is active.

mod slices;

use super::cells::{Cells, Class};
use crate::ir::{Body, CastKind, Const, Def, FloatKind, IntBin, Op, TyKind, ValueId};
use slices::Whole;

/// How the float at byte `at` of a result depends on the one at byte `from` of an operand.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Term {
    pub at: u64,
    pub kind: FloatKind,
    pub operand: ValueId,
    pub from: u64,
    pub factor: Factor,
}

/// The derivative.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Factor {
    One,
    MinusOne,
    /// The product of the signs of the operand and of the result, whose magnitudes are equal.
    Signs,
    /// 1 where the mask's bytes at the result's place are set (or, if not `set`, where they are not), else 0.
    Where {
        mask: ValueId,
        set: bool,
    },
    /// The result's bits are the operand's bits times this, plus something locally constant.
    Ulps(f64),
    /// The result's bits are the operand, a number, times this, plus something locally constant.
    FromNumber(f64),
    /// The result, a number, is the operand's bits times this, plus something locally constant. The operand's format.
    ToNumber(f64, FloatKind),
}

impl Factor {
    /// Whether it reads the operand's and the result's primal values.
    pub fn reads_operand(self) -> bool {
        match self {
            Factor::Signs | Factor::Ulps(_) | Factor::ToNumber(..) => true,
            Factor::One | Factor::MinusOne | Factor::Where { .. } | Factor::FromNumber(_) => false,
        }
    }

    pub fn reads_result(self) -> bool {
        match self {
            Factor::Signs | Factor::Ulps(_) | Factor::FromNumber(_) => true,
            Factor::One | Factor::MinusOne | Factor::Where { .. } | Factor::ToNumber(..) => false,
        }
    }
}

/// How many bits of a format are its fraction; `None` where the leading bit is stored too, or arithmetic on so many
/// bits is nothing that programs do.
pub fn fraction_bits(kind: FloatKind) -> Option<u32> {
    match kind {
        FloatKind::Half => Some(10),
        FloatKind::BFloat => Some(7),
        FloatKind::F32 => Some(23),
        FloatKind::F64 => Some(52),
        FloatKind::X86Fp80 | FloatKind::Fp128 | FloatKind::PpcFp128 => None,
    }
}

fn ones(bits: u32) -> u128 {
    u128::MAX >> (128 - bits.clamp(1, 128))
}

fn sign_bit(kind: FloatKind) -> u128 {
    1 << (kind.bytes() * 8 - 1)
}

/// Reads the operations around one value.
struct Reader<'a> {
    body: &'a Body,
    cells: &'a Cells,
}

/// How the floats in the result of an integer operation or a conversion depend on its operands, or on what those were
/// made of; `None`: it is not understood.
pub fn terms(body: &Body, cells: &Cells, v: ValueId) -> Option<Vec<Term>> {
    let reader = Reader { body, cells };
    match body.op(v)? {
        Op::IntBin(op, a, b) => {
            let floats = reader.floats(v)?;
            let mut out = Vec::new();
            for (at, kind) in floats {
                reader.one(v, *op, *a, *b, at, kind, &mut out)?;
            }
            Some(out)
        }
        Op::Cast(CastKind::FpToInt, x) => {
            let kind = body.types.float_kind(body.value(*x).ty)?;
            let floats = reader.floats(v)?;
            let step = kind.bytes();
            let same = floats
                .iter()
                .all(|(_, k)| k.bytes() == reader.lane_bytes(v));
            let term = |(at, k): (u64, FloatKind)| Term {
                at,
                kind: k,
                operand: *x,
                from: at / k.bytes() * step,
                factor: Factor::FromNumber(1.0),
            };
            same.then(|| floats.into_iter().map(term).collect())
        }
        Op::Cast(CastKind::IntToFp, x) => {
            let kind = body.types.float_kind(body.value(v).ty)?;
            let width = reader.lane_bytes(*x);
            let mut out = Vec::new();
            for k in 0..reader.lane_count(v) {
                let Some(of) = reader.format_below(*x, width) else {
                    // Exponents and signs are constant between two powers of two; the rest of such bits is not.
                    let formats = [FloatKind::F64, FloatKind::F32];
                    let steady = formats.iter().any(|of| reader.is_steady(*x, *of));
                    if !steady && !reader.is_number(*x) {
                        return None;
                    }
                    continue;
                };
                if let Some((operand, scale, true)) = reader.linear(*x, of, 0) {
                    out.push(Term {
                        at: k * kind.bytes(),
                        kind,
                        operand,
                        from: k * width,
                        factor: Factor::ToNumber(scale, of),
                    });
                }
            }
            Some(out)
        }
        _ => None,
    }
}

/// The registers whose floats the operands of such an operation are computed from, however that is.
pub fn roots(body: &Body, cells: &Cells, op: &Op) -> Vec<ValueId> {
    let reader = Reader { body, cells };
    let mut roots = Vec::new();
    op.for_each_operand(|x| roots.extend(reader.roots(x, false).0));
    roots
}

/// The floats that pass from an operand to the result of an operation, or change their sign only: what the operand
/// is known to hold, the result holds.
pub fn carried(body: &Body, cells: &Cells, v: ValueId) -> Vec<(u64, Class)> {
    let reader = Reader { body, cells };
    let mut out = Vec::new();
    let Some(Op::IntBin(op, a, b)) = body.op(v) else {
        return out;
    };
    for (x, other) in [(*a, *b), (*b, *a)] {
        for (at, class) in cells.value(x) {
            let Class::Float(kind) = class else { continue };
            let lane = reader.lane_bytes(v);
            match op {
                IntBin::And | IntBin::Or | IntBin::Xor => {
                    let known = reader.constant(other, at, kind.bytes());
                    let all = ones(kind.bytes() as u32 * 8);
                    let sign = sign_bit(kind);
                    let kept = match (op, known) {
                        (IntBin::And, Some(n)) => n == all || n == all ^ sign,
                        (_, Some(n)) => n == 0 || n == sign,
                        (IntBin::And, None) => lane == kind.bytes() && reader.is_truth(other, 0),
                        (_, None) => false,
                    };
                    if kept {
                        out.push((at, class));
                    }
                }
                IntBin::LShr | IntBin::Shl if x == *a => {
                    let Some(n) = reader.amount(other, at).filter(|n| n % 8 == 0) else {
                        continue;
                    };
                    let (by, within) = (n / 8, at % lane);
                    if *op == IntBin::LShr && within >= by {
                        out.push((at - by, class));
                    } else if *op == IntBin::Shl && within + by + kind.bytes() <= lane {
                        out.push((at + by, class));
                    }
                }
                _ => {}
            }
        }
    }
    out
}

impl Reader<'_> {
    /// The floats of a register of integers; `None` if something in it is not known.
    fn floats(&self, v: ValueId) -> Option<Vec<(u64, FloatKind)>> {
        let mut out = Vec::new();
        for (at, class) in self.cells.value(v) {
            match class {
                Class::Float(_) | Class::IntOrFloat(_) | Class::PtrOrFloat => {
                    out.push((at, class.float()?));
                }
                Class::Int | Class::Ptr => {}
                Class::Unknown | Class::Piece(_) | Class::Conflict => return None,
            }
        }
        (!out.is_empty() || self.cells.value(v).next().is_some()).then_some(out)
    }

    fn lane_bytes(&self, v: ValueId) -> u64 {
        match &self.body.ty(v).kind {
            TyKind::Vector { elem, .. } => self.body.types.get(*elem).bytes,
            _ => self.body.ty(v).bytes,
        }
    }

    fn lane_count(&self, v: ValueId) -> u64 {
        match &self.body.ty(v).kind {
            TyKind::Vector { count, .. } => *count,
            _ => 1,
        }
    }

    /// Whether the bytes are a float's and nothing else's.
    fn is_float(&self, v: ValueId, at: u64, kind: FloatKind) -> bool {
        self.cells
            .value(v)
            .any(|(o, c)| o == at && c == Class::Float(kind))
    }

    /// `size` bytes of an integer constant.
    fn constant(&self, v: ValueId, at: u64, size: u64) -> Option<u128> {
        let lane = self.lane_bytes(v);
        let number = match &self.body.value(v).def {
            Def::Const(Const::Int(n)) => *n,
            Def::Const(Const::Null) => 0,
            Def::Const(Const::Integers(all)) => *all.get((at / lane) as usize)?,
            Def::Const(Const::Aggregate(parts)) => {
                self.body.const_int(*parts.get((at / lane) as usize)?)?
            }
            _ => return None,
        };
        let shift = (at % lane) * 8;
        let bits = match shift {
            // Sign extended as far as it goes.
            128.. if number < 0 => u128::MAX,
            128.. => 0,
            _ => (number >> shift) as u128,
        };
        Some(bits & ones(size as u32 * 8))
    }

    /// A shift's amount in the lane of `at`.
    fn amount(&self, v: ValueId, at: u64) -> Option<u64> {
        let lane = self.lane_bytes(v);
        let n = self.constant(v, at / lane * lane, lane.min(8))?;
        u64::try_from(n).ok()
    }

    /// Whether these bytes are zero whatever the program computes.
    fn is_zero(&self, v: ValueId, at: u64, size: u64, depth: u32) -> bool {
        if let Some(n) = self.constant(v, at, size) {
            return n == 0;
        }
        if depth > 8 {
            return false;
        }
        let lane = self.lane_bytes(v);
        let within = at % lane;
        let deeper = |x: ValueId, at: u64| self.is_zero(x, at, size, depth + 1);
        match self.body.op(v) {
            Some(Op::Cast(CastKind::ZExt, x)) => {
                let narrow = self.lane_bytes(*x);
                let start = at / lane * narrow;
                within >= narrow || (within + size <= narrow && deeper(*x, start + within))
            }
            Some(Op::Cast(CastKind::Trunc, x)) => {
                deeper(*x, at / lane * self.lane_bytes(*x) + within)
            }
            Some(Op::IntBin(IntBin::Shl, x, n)) => self.amount(*n, at).is_some_and(|n| {
                let by = n / 8;
                within + size <= by || (n % 8 == 0 && within >= by && deeper(*x, at - by))
            }),
            Some(Op::IntBin(IntBin::LShr, x, n)) => self.amount(*n, at).is_some_and(|n| {
                let by = n / 8;
                within + by >= lane
                    || (n % 8 == 0 && within + by + size <= lane && deeper(*x, at + by))
            }),
            Some(Op::IntBin(IntBin::And, x, y)) => deeper(*x, at) || deeper(*y, at),
            Some(Op::IntBin(IntBin::Or | IntBin::Xor, x, y)) => deeper(*x, at) && deeper(*y, at),
            Some(Op::Freeze(x)) => deeper(*x, at),
            Some(Op::Select {
                on_true, on_false, ..
            }) => deeper(*on_true, at) && deeper(*on_false, at),
            _ => false,
        }
    }

    /// Whether each lane is all ones or all zeros.
    fn is_truth(&self, v: ValueId, depth: u32) -> bool {
        if depth > 8 {
            return false;
        }
        let deeper = |x: ValueId| self.is_truth(x, depth + 1);
        let lane = self.lane_bytes(v);
        if self.body.is_const(v) {
            let lanes = 0..self.lane_count(v);
            let mut all = lanes.map(|k| self.constant(v, k * lane, lane.min(16)));
            return all.all(|n| n == Some(0) || n == Some(ones(lane.min(16) as u32 * 8)));
        }
        match self.body.op(v) {
            Some(Op::Cast(CastKind::SExt, x)) => {
                let bits = |ty| match self.body.types.get(ty).kind {
                    TyKind::Int { bits } => Some(bits),
                    _ => None,
                };
                let bool_lane = match &self.body.ty(*x).kind {
                    TyKind::Vector { elem, .. } => bits(*elem) == Some(1),
                    TyKind::Int { bits } => *bits == 1,
                    _ => false,
                };
                bool_lane || deeper(*x)
            }
            // Finer lanes stay what they are in coarser ones only if they come from there.
            Some(Op::Cast(CastKind::Bitcast, x)) => self.lane_bytes(*x) >= lane && deeper(*x),
            Some(Op::IntBin(IntBin::And | IntBin::Or | IntBin::Xor, x, y)) => {
                deeper(*x) && deeper(*y)
            }
            Some(Op::IntBin(IntBin::AShr, _, n)) => self.amount(*n, 0) == Some(lane * 8 - 1),
            Some(Op::IntBin(IntBin::Sub, zero, x)) => {
                self.constant(*zero, 0, lane.min(16)) == Some(0) && self.is_bit(*x)
            }
            Some(Op::Freeze(x)) => deeper(*x),
            Some(Op::Select {
                on_true, on_false, ..
            }) => deeper(*on_true) && deeper(*on_false),
            _ => false,
        }
    }

    /// A truth value widened to 0 or 1.
    fn is_bit(&self, v: ValueId) -> bool {
        match self.body.op(v) {
            Some(Op::Cast(CastKind::ZExt, x)) => {
                matches!(self.body.ty(*x).kind, TyKind::Int { bits: 1 })
            }
            Some(Op::IntBin(IntBin::LShr, _, n)) => {
                self.amount(*n, 0) == Some(self.lane_bytes(v) * 8 - 1)
            }
            _ => false,
        }
    }

    /// Whether only the sign bit of the float at `at` can be set.
    fn is_sign_only(&self, v: ValueId, at: u64, kind: FloatKind, depth: u32) -> bool {
        let size = kind.bytes();
        if let Some(n) = self.constant(v, at, size) {
            return n & !sign_bit(kind) == 0;
        }
        if depth > 8 {
            return false;
        }
        let deeper = |x: ValueId| self.is_sign_only(x, at, kind, depth + 1);
        match self.body.op(v) {
            Some(Op::IntBin(IntBin::And, x, y)) => deeper(*x) || deeper(*y),
            Some(Op::IntBin(IntBin::Or | IntBin::Xor, x, y)) => deeper(*x) && deeper(*y),
            Some(Op::IntBin(IntBin::Shl, _, n)) => {
                self.lane_bytes(v) == size && self.amount(*n, at) == Some(size * 8 - 1)
            }
            Some(Op::Freeze(x)) => deeper(*x),
            Some(Op::Select {
                on_true, on_false, ..
            }) => deeper(*on_true) && deeper(*on_false),
            _ => false,
        }
    }

    /// The terms of one float of an integer operation's result.
    #[expect(clippy::too_many_arguments, reason = "an operation and a place in it")]
    fn one(
        &self,
        v: ValueId,
        op: IntBin,
        a: ValueId,
        b: ValueId,
        at: u64,
        kind: FloatKind,
        out: &mut Vec<Term>,
    ) -> Option<()> {
        let size = kind.bytes();
        let lane = self.lane_bytes(v);
        let within = at % lane;
        let term = |operand: ValueId, from: u64, factor: Factor| Term {
            at,
            kind,
            operand,
            from,
            factor,
        };
        match op {
            IntBin::LShr | IntBin::Shl => {
                let n = self.amount(b, at)?;
                let by = n / 8;
                if n % 8 != 0 {
                    return None;
                }
                match op {
                    IntBin::LShr if within + by + size <= lane => {
                        out.push(term(a, at + by, Factor::One));
                    }
                    IntBin::Shl if within >= by => out.push(term(a, at - by, Factor::One)),
                    IntBin::LShr if within + by < lane => return None,
                    IntBin::Shl if within + size > by => return None,
                    _ => {}
                }
                return Some(());
            }
            IntBin::AShr if within == 0 && lane == size => {}
            IntBin::And | IntBin::Or | IntBin::Xor | IntBin::Add | IntBin::Sub => {}
            IntBin::Mul
            | IntBin::UDiv
            | IntBin::SDiv
            | IntBin::URem
            | IntBin::SRem
            | IntBin::AShr => return None,
        }
        let mask = ones(size as u32 * 8);
        let sign = sign_bit(kind);
        for (x, m) in [(a, b), (b, a)] {
            let Some(bits) = self.constant(m, at, size) else {
                continue;
            };
            // Of a subtraction only the second operand's sign bit is like an addition's.
            if op == IntBin::Sub && m != b {
                continue;
            }
            let carries = matches!(op, IntBin::Add | IntBin::Sub) && within != 0;
            let factor = match (op, bits) {
                (IntBin::And, 0) => return Some(()),
                (IntBin::And, n) if n == mask => Factor::One,
                (IntBin::And, n) if n == mask ^ sign => Factor::Signs,
                // What is left is a zero, or where the sign goes.
                (IntBin::And, n) if n == sign => return Some(()),
                (IntBin::And, n) if keeps_leading(n, kind) => Factor::One,
                (IntBin::Or, n) if n == sign => Factor::Signs,
                (IntBin::Xor, n) if n == sign => Factor::MinusOne,
                (IntBin::Add | IntBin::Sub, n) if n == sign && !carries => Factor::MinusOne,
                (IntBin::Or | IntBin::Xor, 0) => Factor::One,
                (IntBin::Add | IntBin::Sub, 0) if !carries => Factor::One,
                _ => continue,
            };
            out.push(term(x, at, factor));
            return Some(());
        }
        // Bytes of one operand beside bytes of the other.
        if matches!(op, IntBin::Or | IntBin::Xor | IntBin::Add) {
            for (x, other) in [(a, b), (b, a)] {
                // Below an addition nothing may carry.
                let alone = op != IntBin::Add
                    || self.is_zero(other, at - within, within + size, 0)
                    || (within > 0 && self.is_zero(x, at - within, within, 0));
                if self.is_zero(other, at, size, 0) && alone {
                    out.push(term(x, at, Factor::One));
                    return Some(());
                }
            }
        }
        if within != 0 || lane != size {
            return None;
        }
        if matches!(op, IntBin::Or | IntBin::Xor | IntBin::Add) {
            for (x, other) in [(a, b), (b, a)] {
                if self.is_sign_only(other, at, kind, 0) {
                    out.push(term(x, at, Factor::Signs));
                    return Some(());
                }
            }
        }
        match op {
            IntBin::And => {
                for (x, m) in [(a, b), (b, a)] {
                    if self.is_truth(m, 0) {
                        out.push(term(x, at, Factor::Where { mask: m, set: true }));
                        return Some(());
                    }
                }
            }
            IntBin::Or | IntBin::Xor | IntBin::Add => {
                if self.under_mask(a).is_some() && self.under_mask(b).is_some() {
                    out.push(term(a, at, Factor::One));
                    out.push(term(b, at, Factor::One));
                    return Some(());
                }
                if op == IntBin::Xor
                    && let Some((x, y, m)) = self.chosen(a, b).or_else(|| self.chosen(b, a))
                {
                    out.push(term(x, at, Factor::Where { mask: m, set: true }));
                    out.push(term(
                        y,
                        at,
                        Factor::Where {
                            mask: m,
                            set: false,
                        },
                    ));
                    return Some(());
                }
            }
            _ => {}
        }
        // What may be a number as well is one where the bits are counted with: nothing flows.
        if !self.is_float(v, at, kind) {
            return Some(());
        }
        match self.assembled(v, kind) {
            Some(Whole::Constant) => return Some(()),
            Some(Whole::Of(x)) => {
                out.push(term(x, 0, Factor::Ulps(1.0)));
                return Some(());
            }
            None => {}
        }
        match self.linear_step(v, kind, 0)? {
            (operand, scale, true) => out.push(term(operand, at, Factor::Ulps(scale))),
            (operand, scale, false) => {
                let step = self.lane_bytes(operand);
                out.push(term(operand, at / lane * step, Factor::FromNumber(scale)));
            }
        }
        Some(())
    }

    /// A value that a mask lets through as a whole or not at all.
    fn under_mask(&self, v: ValueId) -> Option<ValueId> {
        let Some(Op::IntBin(IntBin::And, x, y)) = self.body.op(v) else {
            return None;
        };
        match (self.is_truth(*x, 0), self.is_truth(*y, 0)) {
            (true, _) => Some(*x),
            (_, true) => Some(*y),
            _ => None,
        }
    }

    /// `y ^ ((x ^ y) & m)`: x where the mask is set, else y.
    fn chosen(&self, y: ValueId, masked: ValueId) -> Option<(ValueId, ValueId, ValueId)> {
        let Some(Op::IntBin(IntBin::And, p, q)) = self.body.op(masked) else {
            return None;
        };
        for (both, m) in [(*p, *q), (*q, *p)] {
            let Some(Op::IntBin(IntBin::Xor, s, t)) = self.body.op(both) else {
                continue;
            };
            if !self.is_truth(m, 0) {
                continue;
            }
            if *s == y {
                return Some((*t, y, m));
            }
            if *t == y {
                return Some((*s, y, m));
            }
        }
        None
    }

    /// The format of the float whose bits an integer is made of.
    fn format_below(&self, v: ValueId, width: u64) -> Option<FloatKind> {
        [
            FloatKind::F64,
            FloatKind::F32,
            FloatKind::Half,
            FloatKind::BFloat,
        ]
        .into_iter()
        .filter(|kind| kind.bytes() == width)
        .find(|kind| matches!(self.linear(v, *kind, 0), Some((_, _, true))))
    }

    /// What an integer is linear in: a register of float bits (true) or a number before its conversion (false), and
    /// the slope.
    fn linear(&self, v: ValueId, kind: FloatKind, depth: u32) -> Option<(ValueId, f64, bool)> {
        if self.lane_bytes(v) != kind.bytes() || depth > 8 || self.body.is_const(v) {
            return None;
        }
        // Masks first: what they leave is no float, though it may be taken for one.
        let through = matches!(self.body.op(v), Some(Op::IntBin(IntBin::And, ..)));
        if through && let Some(found) = self.linear_step(v, kind, depth) {
            return Some(found);
        }
        let from_float =
            |x: ValueId| self.body.types.float_kind(self.body.value(x).ty) == Some(kind);
        match self.body.op(v) {
            Some(Op::Cast(CastKind::Bitcast, x)) if from_float(*x) => Some((v, 1.0, true)),
            _ if self.is_float(v, 0, kind) => match self.body.op(v) {
                Some(Op::Cast(CastKind::FpToInt, _)) => self.linear_step(v, kind, depth),
                _ => Some((v, 1.0, true)),
            },
            _ => self.linear_step(v, kind, depth),
        }
    }

    /// One operation of such a chain.
    fn linear_step(&self, v: ValueId, kind: FloatKind, depth: u32) -> Option<(ValueId, f64, bool)> {
        let fraction = fraction_bits(kind)?;
        let deeper = |x: ValueId| self.linear(x, kind, depth + 1);
        let lane = self.lane_bytes(v);
        let constant = |x: ValueId| self.constant(x, 0, lane);
        let scaled = |(x, c, bits): (ValueId, f64, bool), by: f64| Some((x, c * by, bits));
        match self.body.op(v)? {
            Op::Freeze(x) => deeper(*x),
            Op::Cast(CastKind::FpToInt, x) => Some((*x, 1.0, false)),
            Op::IntBin(op, a, b) => match op {
                IntBin::Add | IntBin::Sub | IntBin::Or => match (deeper(*a), deeper(*b)) {
                    (Some(x), None) if self.is_steady(*b, kind) => Some(x),
                    (None, Some(x)) if self.is_steady(*a, kind) => {
                        scaled(x, if *op == IntBin::Sub { -1.0 } else { 1.0 })
                    }
                    _ => None,
                },
                IntBin::Mul => match (constant(*a), constant(*b)) {
                    (None, Some(n)) => scaled(deeper(*a)?, n as i128 as f64),
                    (Some(n), None) => scaled(deeper(*b)?, n as i128 as f64),
                    _ => None,
                },
                IntBin::Shl => {
                    let n = self.amount(*b, 0)?;
                    let (x, c, bits) = deeper(*a)?;
                    // Of bits that are shifted up, the exponent is lost.
                    (!bits && n < 64).then(|| (x, c * 2f64.powi(n as i32), bits))
                }
                IntBin::LShr | IntBin::AShr => {
                    let n = self.amount(*b, 0)?;
                    // What is left of a few leading bits moves in steps, and is constant between them.
                    (n * 2 <= u64::from(fraction)).then_some(())?;
                    scaled(deeper(*a)?, 2f64.powi(-(n as i32)))
                }
                IntBin::And => {
                    let (x, n) = match (constant(*a), constant(*b)) {
                        (None, Some(n)) => (*a, n),
                        (Some(n), None) => (*b, n),
                        _ => return None,
                    };
                    let n = n & ones(fraction);
                    let dropped = (!n & ones(fraction)).count_ones();
                    let low_only = n & ones(dropped.max(1)) == 0 || dropped == 0;
                    (low_only && dropped * 2 <= fraction).then_some(())?;
                    deeper(x)
                }
                IntBin::Xor | IntBin::UDiv | IntBin::SDiv | IntBin::URem | IntBin::SRem => None,
            },
            _ => None,
        }
    }
}

/// Whether a mask keeps sign, exponent and the leading bits of the fraction: a rounding to fewer bits, which is
/// differentiated like the conversion to a narrower format.
fn keeps_leading(mask: u128, kind: FloatKind) -> bool {
    let Some(fraction) = fraction_bits(kind) else {
        return false;
    };
    let all = ones(kind.bytes() as u32 * 8);
    let cleared = !mask & all;
    cleared & (cleared + 1) == 0 && cleared <= ones(fraction)
}
