//! Shadows of integers that intrinsics make where numbers and addresses share memory.

use super::shadow::Shadows;
use super::{Copy, Facts};
use crate::diag::{Code, Refusal};
use crate::ir::{CallOp, ValueId};
use crate::llvm::{Builder, IntPredicate, Value};

impl Shadows {
    /// The shadow of an inactive intrinsic's integer: of the smaller or larger of two that of the one it is, since these
    /// may be addresses; a number is its own shadow.
    pub(super) fn of_integer_call(
        &self,
        facts: &Facts,
        copy: &Copy,
        b: &Builder,
        v: ValueId,
        call: &CallOp,
    ) -> Result<Value, Refusal> {
        const CHOICES: [&str; 4] = ["llvm.smin.", "llvm.smax.", "llvm.umin.", "llvm.umax."];
        const NUMBERS: [&str; 4] = ["llvm.ctpop.", "llvm.ctlz.", "llvm.cttz.", "llvm.abs."];
        let name = facts.llvm(v).intrinsic_name().unwrap_or_default();
        let among = |names: &[&str]| names.iter().any(|start| name.starts_with(start));
        let value = copy.value(facts, v);
        let addresses = call.args.iter().any(|x| facts.has_shadow(*x));
        match &call.args[..] {
            [x, y] if addresses && among(&CHOICES) => {
                let first = b.icmp(IntPredicate::Eq, value, copy.value(facts, *x));
                let (x, y) = (self.of(facts, copy, b, *x)?, self.of(facts, copy, b, *y)?);
                Ok(b.select(first, x, y))
            }
            _ if !addresses || among(&NUMBERS) => Ok(value),
            _ => Err(facts.refuse(
                v,
                Code::UnsupportedInstruction,
                format!("`{name}` of what may be an address"),
            )),
        }
    }
}
