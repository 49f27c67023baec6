//! Activity that is known at run time only: where the shadow of a pointer is the pointer itself, what it points to
//! carries no derivative. Its tangents and adjoints are 0, and what would be added to them goes nowhere.

use super::reverse::Reverse;
use super::shadow::Shadows;
use super::{Copy, Facts, slot};
use crate::diag::Refusal;
use crate::ir::ValueId;
use crate::llvm::{Block, Builder, IntPredicate, Type, Value};

/// What stands for the shadow of inactive memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// Zeros, which are read and written back.
    Zeros,
    /// Something that nobody reads.
    Sink,
}

fn bytes_of(b: &Builder, bytes: u64) -> Type {
    b.context().i8_type().array_of(bytes.max(1))
}

/// Memory of our own, 0 at the start.
fn stand_in(start: Block, b: &Builder, bytes: u64) -> Value {
    let ty = bytes_of(b, bytes);
    let place = slot(start, ty, "inactive");
    place.set_alignment(16);
    let end = start.terminator().expect("start blocks end in a branch");
    Builder::before(end).store(ty.const_null(), place, 16, false);
    place
}

impl Shadows {
    /// Whether the memory behind `ptr` is inactive; `None`: it is not.
    pub fn inactive(
        &self,
        facts: &Facts,
        copy: &Copy,
        b: &Builder,
        ptr: ValueId,
        shadow: Value,
    ) -> Option<Value> {
        facts
            .act
            .is_guarded(&facts.cells, ptr)
            .then(|| b.icmp(IntPredicate::Eq, shadow, copy.value(facts, ptr)))
    }

    /// The shadow of `ptr` for an access to `bytes` of it.
    pub fn guarded(
        &self,
        facts: &Facts,
        copy: &Copy,
        b: &Builder,
        ptr: ValueId,
        shadow: Value,
        bytes: u64,
    ) -> Value {
        match self.inactive(facts, copy, b, ptr, shadow) {
            Some(inactive) => {
                let place = stand_in(copy.start, b, bytes);
                b.select(inactive, place, shadow)
            }
            None => shadow,
        }
    }
}

impl Reverse<'_> {
    /// Whether the memory behind `ptr` is inactive; `None`: it is not.
    pub fn inactive(&mut self, ptr: ValueId, shadow: Value) -> Result<Option<Value>, Refusal> {
        if !self.facts.act.is_guarded(&self.facts.cells, ptr) {
            return Ok(None);
        }
        let primal = self.primal(ptr)?;
        Ok(Some(self.b.icmp(IntPredicate::Eq, shadow, primal)))
    }

    /// The shadow of `ptr` for an access to `bytes` of it.
    pub fn guarded_shadow(
        &mut self,
        ptr: ValueId,
        bytes: u64,
        instead: Instead,
    ) -> Result<Value, Refusal> {
        let shadow = self.shadow(ptr)?;
        let Some(inactive) = self.inactive(ptr, shadow)? else {
            return Ok(shadow);
        };
        // Zeros are taken and cleared: they stay zeros, and all accesses could share them, but not with what is added.
        let place = stand_in(self.start, &self.b, bytes);
        if instead == Instead::Sink {
            place.set_name("nowhere");
        }
        Ok(self.b.select(inactive, place, shadow))
    }
}
