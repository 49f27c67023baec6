//! Atomic read-modify-write operations. What they do to derivatives is done by plain accesses of the shadow: threads
//! that share a shadow are the caller's to keep apart.

use super::bits::over_floats;
use super::bulk;
use super::leaves::{Leaf, float_type};
use super::reverse::Reverse;
use super::shadow::Shadows;
use super::{Copy, Facts};
use crate::diag::{Code, Refusal};
use crate::ir::{Rmw, ValueId};
use crate::llvm::{Builder, FloatPredicate, Value};

/// The floats in the bytes that an atomic operation works on.
fn floats(facts: &Facts, ptr: ValueId, value: ValueId) -> Vec<Leaf> {
    let ty = facts.llvm_ty(value);
    if ty.scalar().is_float() {
        return vec![Leaf { offset: 0, ty }];
    }
    let bytes = facts.body().ty(value).bytes;
    let layout = facts.cells.memory(ptr, Some(bytes), 1);
    let float = |(offset, class): &(u64, crate::analysis::cells::Class)| {
        let ty = float_type(facts.context(), class.float()?);
        let inside = offset + facts.module.store_size(ty) <= bytes;
        inside.then_some(Leaf {
            offset: *offset,
            ty,
        })
    };
    layout.cells.iter().filter_map(float).collect()
}

fn refused(facts: &Facts, v: ValueId) -> Refusal {
    facts
        .refuse(
            v,
            Code::UnsupportedInstruction,
            "an atomic operation on data that takes part in the derivative",
        )
        .help("use an atomic addition, subtraction, minimum, maximum or exchange of floats")
}

/// Whether the new value of a minimum or maximum is the operand.
fn takes_operand(b: &Builder, rmw: Rmw, operand: Value, old: Value) -> Value {
    let predicate = match rmw {
        Rmw::Min => FloatPredicate::Olt,
        _ => FloatPredicate::Ogt,
    };
    let better = b.fcmp(predicate, operand, old);
    let old_is_nan = b.fcmp(FloatPredicate::Uno, old, old);
    b.or(better, old_is_nan)
}

impl Reverse<'_> {
    /// The adjoint of `old = *ptr; *ptr = f(old, value)`.
    pub fn rmw_adjoint(
        &mut self,
        v: ValueId,
        rmw: Rmw,
        ptr: ValueId,
        value: ValueId,
    ) -> Result<(), Refusal> {
        let facts = self.facts;
        let parts = floats(facts, ptr, value);
        if parts.is_empty() || rmw == Rmw::Count {
            return Ok(());
        }
        let took = match rmw {
            Rmw::Min | Rmw::Max => {
                let (operand, old) = (self.primal(value)?, self.primal(v)?);
                Some(takes_operand(&self.b, rmw, operand, old))
            }
            Rmw::Exchange | Rmw::Add | Rmw::Sub | Rmw::Count => None,
            Rmw::Other => return Err(refused(facts, v)),
        };
        let shadow = self.shadow(ptr)?;
        for leaf in parts {
            let at = bulk::at_offset(&self.b, shadow, leaf.offset);
            let d = self.b.load(leaf.ty, at, 1, false);
            let zero = leaf.ty.const_null();
            let (to_value, kept) = match (rmw, took) {
                (Rmw::Add, _) => (d, d),
                (Rmw::Sub, _) => (self.b.fneg(d), d),
                (_, Some(took)) => (self.b.select(took, d, zero), self.b.select(took, zero, d)),
                (_, None) => (d, zero),
            };
            self.b.store(kept, at, 1, false);
            self.add_leaf(value, leaf, to_value)?;
        }
        self.old_value_adjoint(v, shadow)
    }

    /// The adjoint of `{ old, success } = compare-and-exchange`.
    pub fn cmpxchg_adjoint(
        &mut self,
        v: ValueId,
        ptr: ValueId,
        new: ValueId,
    ) -> Result<(), Refusal> {
        let parts = floats(self.facts, ptr, new);
        if parts.is_empty() {
            return Ok(());
        }
        let result = self.primal(v)?;
        let success = self.b.extract_value(result, 1);
        let shadow = self.shadow(ptr)?;
        for leaf in parts {
            let at = bulk::at_offset(&self.b, shadow, leaf.offset);
            let d = self.b.load(leaf.ty, at, 1, false);
            let zero = leaf.ty.const_null();
            self.b.store(self.b.select(success, zero, d), at, 1, false);
            let to_new = self.b.select(success, d, zero);
            self.add_leaf(new, leaf, to_new)?;
        }
        self.old_value_adjoint(v, shadow)
    }

    fn old_value_adjoint(&mut self, v: ValueId, shadow: Value) -> Result<(), Refusal> {
        if !self.facts.act.is_active(v) {
            return Ok(());
        }
        for (leaf, d) in self.take_leaves(v)? {
            let at = bulk::at_offset(&self.b, shadow, leaf.offset);
            let before = self.b.load(leaf.ty, at, 1, false);
            self.b.store(self.b.fadd(before, d), at, 1, false);
        }
        Ok(())
    }
}

impl Shadows {
    /// Forward mode: the operation on the shadow. What it leaves there, and the tangent of the old value.
    pub fn rmw(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        rmw: Rmw,
        ptr: ValueId,
        value: ValueId,
    ) -> Result<(), Refusal> {
        match rmw {
            Rmw::Count => {}
            _ if floats(facts, ptr, value).is_empty()
                && !facts.has_shadow(value)
                && !facts.has_shadow(v) => {}
            Rmw::Add | Rmw::Sub | Rmw::Exchange => {
                let again = self.again(facts, copy, v, &[])?;
                let tangent = over_floats(facts, ptr, value, again.operand(1));
                again.set_operand(1, tangent);
            }
            Rmw::Min | Rmw::Max => {
                let b = copy.after(facts, v);
                let shadow = self.of(facts, copy, &b, ptr)?;
                let d = self.of(facts, copy, &b, value)?;
                let old = b.load(d.ty(), shadow, 1, false);
                let took = takes_operand(&b, rmw, copy.value(facts, value), copy.value(facts, v));
                b.store(b.select(took, d, old), shadow, 1, false);
                self.set(v, old);
            }
            Rmw::Other => return Err(refused(facts, v)),
        }
        Ok(())
    }

    /// As [`Shadows::rmw`], of a compare-and-exchange.
    pub fn cmpxchg(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        ptr: ValueId,
        new: ValueId,
    ) -> Result<(), Refusal> {
        if floats(facts, ptr, new).is_empty() {
            return match facts.has_shadow(new) {
                true => Err(refused(facts, v)),
                false => Ok(()),
            };
        }
        let b = copy.after(facts, v);
        let shadow = self.of(facts, copy, &b, ptr)?;
        let d = over_floats(facts, ptr, new, self.of(facts, copy, &b, new)?);
        let old = b.load(d.ty(), shadow, 1, false);
        let result = copy.value(facts, v);
        let success = b.extract_value(result, 1);
        b.store(b.select(success, d, old), shadow, 1, false);
        self.set(v, b.insert_value(result, old, 0));
        Ok(())
    }
}
