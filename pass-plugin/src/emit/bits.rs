//! The derivatives of integer operations on the bits of floats, as [`crate::analysis::bits`] understands them.

use super::leaves::{Leaf, float_type};
use super::reverse::Reverse;
use super::shadow::Shadows;
use super::{Copy, Facts, bulk, slot};
use crate::analysis::bits::{Factor, Term, fraction_bits, terms};
use crate::diag::Refusal;
use crate::ir::{FloatKind, ValueId};
use crate::llvm::{Block, Builder, FloatPredicate, IntPredicate, Opcode, Type, Value};

/// `size` bytes of a register, as a value of another type.
fn piece(b: &Builder, start: Block, whole: Value, at: u64, ty: Type) -> Value {
    if whole.ty() == ty {
        return whole;
    }
    let place = slot(start, whole.ty(), "bits");
    b.store(whole, place, 1, false);
    b.load(ty, bulk::at_offset(b, place, at), 1, false)
}

/// The primal values that a factor reads.
struct Primals {
    operand: Option<Value>,
    result: Option<Value>,
    mask: Option<Value>,
}

/// Multiplies a derivative by the factor of a term.
fn scale(b: &Builder, start: Block, term: &Term, primals: &Primals, d: Value) -> Option<Value> {
    let c = b.context();
    let at_result =
        |ty: Type| -> Option<Value> { Some(piece(b, start, primals.result?, term.at, ty)) };
    let at_operand =
        |ty: Type| -> Option<Value> { Some(piece(b, start, primals.operand?, term.from, ty)) };
    let float = float_type(c, term.kind);
    match term.factor {
        Factor::One => Some(d),
        Factor::MinusOne => Some(b.fneg(d)),
        Factor::Signs => {
            let bits = c.int_type(term.kind.bytes() as u32 * 8);
            let differ = b.binary(Opcode::Xor, at_operand(bits)?, at_result(bits)?);
            let opposite = b.icmp(IntPredicate::Slt, differ, bits.const_null());
            Some(b.select(opposite, b.fneg(d), d))
        }
        Factor::Where { mask: _, set } => {
            let ty = c.int_type(term.kind.bytes() as u32 * 8);
            let bits = piece(b, start, primals.mask?, term.at, ty);
            let is_set = b.icmp(IntPredicate::Ne, bits, ty.const_null());
            let zero = float.const_null();
            Some(match set {
                true => b.select(is_set, d, zero),
                false => b.select(is_set, zero, d),
            })
        }
        Factor::Ulps(c) => {
            let (x, r) = (
                power(b, term.kind, at_operand(float)?),
                power(b, term.kind, at_result(float)?),
            );
            let ratio = b.binary(Opcode::FDiv, r, x);
            let ratio = b.binary(Opcode::FMul, ratio, float.const_f64(c));
            // A zero has no binade.
            let none = b.fcmp(FloatPredicate::Oeq, x, float.const_null());
            // Nor has what is no float, but the other member of a union: nobody asks for its derivative.
            let idle = b.fcmp(FloatPredicate::Oeq, d, d.ty().const_null());
            let none = b.binary(Opcode::Or, none, idle);
            let ratio = b.select(none, float.const_null(), ratio);
            Some(b.binary(Opcode::FMul, ratio, d))
        }
        // The number's own type may be another: the factor is made in the format of the bits.
        Factor::FromNumber(c) => {
            let unit = c * 2f64.powi(-(fraction_bits(term.kind)? as i32));
            let r = power(b, term.kind, at_result(float)?);
            let slope = b.binary(Opcode::FMul, r, float.const_f64(unit));
            Some(b.binary(Opcode::FMul, convert(b, slope, d.ty()), d))
        }
        Factor::ToNumber(c, of) => {
            let own = float_type(b.context(), of);
            let unit = c * 2f64.powi(fraction_bits(of)? as i32);
            let x = power(b, of, at_operand(own)?);
            let slope = b.binary(Opcode::FDiv, own.const_f64(unit), x);
            // Bits that are no float's, but a small integer's (of a union), have no binade and no slope.
            let none = b.fcmp(FloatPredicate::Oeq, x, own.const_null());
            let slope = b.select(none, own.const_null(), slope);
            Some(b.binary(Opcode::FMul, convert(b, slope, d.ty()), d))
        }
    }
}

/// The power of two of a float's binade, with its sign.
fn power(b: &Builder, kind: FloatKind, x: Value) -> Value {
    let bits = kind.bytes() as u32 * 8;
    let ty = b.context().int_type(bits);
    let fraction = fraction_bits(kind).unwrap_or(0);
    let mask = ty.const_int(u64::MAX << fraction);
    let word = b.cast(Opcode::BitCast, x, ty);
    let top = b.binary(Opcode::And, word, mask);
    b.cast(Opcode::BitCast, top, x.ty())
}

fn convert(b: &Builder, x: Value, to: Type) -> Value {
    let rank = |t: Type| match t.kind() {
        crate::llvm::TypeKind::Half | crate::llvm::TypeKind::BFloat => 0,
        crate::llvm::TypeKind::Float => 1,
        crate::llvm::TypeKind::Double => 2,
        crate::llvm::TypeKind::X86Fp80 => 3,
        _ => 4,
    };
    match rank(x.ty()).cmp(&rank(to)) {
        std::cmp::Ordering::Less => b.cast(Opcode::FPExt, x, to),
        std::cmp::Ordering::Greater => b.cast(Opcode::FPTrunc, x, to),
        std::cmp::Ordering::Equal => x,
    }
}

/// The float type that the derivative of a term's operand has.
fn operand_type(facts: &Facts, term: &Term) -> Type {
    match term.factor {
        Factor::FromNumber(_) => facts.llvm_ty(term.operand).scalar(),
        Factor::ToNumber(_, of) => float_type(facts.context(), of),
        Factor::One | Factor::MinusOne | Factor::Signs | Factor::Where { .. } | Factor::Ulps(_) => {
            float_type(facts.context(), term.kind)
        }
    }
}

/// The tangent that is stored for `value`, whose shadow is `shadow`. An integer constant over a float is that float's bits;
/// elsewhere it may be a null or dangling pointer.
pub fn over_floats(facts: &Facts, ptr: ValueId, value: ValueId, shadow: Value) -> Value {
    let over = || {
        let over = facts.cells.touched(ptr, facts.body().ty(value).bytes);
        over.iter().any(|c| c.may_be_float())
    };
    match facts.body().is_const(value) && shadow.ty().is_integer() && over() {
        true => shadow.ty().const_null(),
        false => shadow,
    }
}

impl Reverse<'_> {
    /// The adjoint of such an operation.
    pub fn bits_adjoint(&mut self, v: ValueId) -> Result<(), Refusal> {
        let facts = self.facts;
        let all = terms(facts.body(), &facts.cells, v).ok_or_else(|| self.not_understood(v))?;
        for (leaf, d) in self.take_leaves(v)? {
            // A vector of floats is one leaf of several terms.
            for term in &all {
                let scalar = leaf.ty.scalar();
                let bytes = facts.module.store_size(leaf.ty);
                let here = term.at >= leaf.offset && term.at < leaf.offset + bytes;
                if !here || !facts.act.is_active(term.operand) {
                    continue;
                }
                let d = match leaf.ty.is_vector() {
                    true => {
                        let lane = (term.at - leaf.offset) / facts.module.store_size(scalar);
                        self.b
                            .extract_element(d, self.b.context().const_i32(lane as i32))
                    }
                    false => d,
                };
                let primals = Primals {
                    operand: match term.factor.reads_operand() {
                        true => Some(self.primal(term.operand)?),
                        false => None,
                    },
                    result: match term.factor.reads_result() {
                        true => Some(self.primal(v)?),
                        false => None,
                    },
                    mask: match term.factor {
                        Factor::Where { mask, .. } => Some(self.primal(mask)?),
                        _ => None,
                    },
                };
                let ty = operand_type(facts, term);
                let scaled = scale(&self.b, self.start, term, &primals, d)
                    .ok_or_else(|| self.not_understood(v))?;
                let scaled = convert(&self.b, scaled, ty);
                let to = Leaf {
                    offset: term.from,
                    ty,
                };
                self.add_leaf(term.operand, to, scaled)?;
            }
        }
        Ok(())
    }

    fn not_understood(&self, v: ValueId) -> Refusal {
        Refusal::internal("arithmetic on the bits of a float was let through")
            .at_value(self.facts.llvm(v))
    }
}

/// The tangent of such an operation: `moved`, which has all that is no float, with the floats' tangents put in.
pub fn tangent(
    facts: &Facts,
    copy: &Copy,
    lane: &Shadows,
    b: &Builder,
    v: ValueId,
    moved: Value,
) -> Result<Value, Refusal> {
    let lost = || {
        Refusal::internal("arithmetic on the bits of a float was let through")
            .at_value(facts.llvm(v))
    };
    let all = terms(facts.body(), &facts.cells, v).ok_or_else(lost)?;
    let place = slot(copy.start, moved.ty(), "bits");
    b.store(moved, place, 1, false);
    let floats: Vec<(u64, FloatKind)> = match facts.llvm_ty(v).scalar().is_float() {
        true => all.iter().map(|t| (t.at, t.kind)).collect(),
        false => facts
            .cells
            .value(v)
            .filter_map(|(at, class)| Some((at, class.float()?)))
            .collect(),
    };
    for (at, kind) in floats {
        let ty = float_type(facts.context(), kind);
        let mut sum = ty.const_null();
        for term in all.iter().filter(|t| t.at == at) {
            if !facts.act.is_active(term.operand) {
                continue;
            }
            let whole = lane.of(facts, copy, b, term.operand)?;
            let d = piece(b, copy.start, whole, term.from, operand_type(facts, term));
            let primal = |x: ValueId| copy.value(facts, x);
            let primals = Primals {
                operand: term.factor.reads_operand().then(|| primal(term.operand)),
                result: term.factor.reads_result().then(|| primal(v)),
                mask: match term.factor {
                    Factor::Where { mask, .. } => Some(primal(mask)),
                    _ => None,
                },
            };
            let scaled = scale(b, copy.start, term, &primals, d).ok_or_else(lost)?;
            sum = b.fadd(sum, convert(b, scaled, ty));
        }
        b.store(sum, bulk::at_offset(b, place, at), 1, false);
    }
    Ok(b.load(moved.ty(), place, 1, false))
}
