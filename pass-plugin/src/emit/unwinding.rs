//! Exceptions that are caught in the differentiated function. The reverse sweep goes from the handler back to what was
//! before the call that threw. What the call itself had done by then left no tape.

use super::indirect::{abort_with, stop};
use super::reverse::Reverse;
use super::{Copy, Facts};
use crate::analysis::activity::call_writes;
use crate::analysis::legal;
use crate::diag::demangle;
use crate::ir::{BlockId, Callee, Op};
use crate::llvm::Builder;
use crate::plan::walk::unwound;

const CARRIED: &str = "an exception carried data that takes part in the derivative to its handler; return the number, or write \
                       it to memory that the handler sees";

/// Stops a forward derivative where a handler reads such data: its tangent is not in the exception.
pub fn stop_where_carried(facts: &Facts, copy: &Copy) {
    for v in legal::thrown(facts.body(), &facts.cells, &facts.act) {
        let b = Builder::before(copy.value(facts, v));
        abort_with(facts.module, &b, CARRIED);
    }
}

impl Reverse<'_> {
    /// On the way from `block` back to `p`: if control came by an exception out of a call that may have written active
    /// memory first, nothing is right any more, and the program stops.
    pub fn check_unwound(&mut self, block: BlockId, p: BlockId) {
        let body = self.facts.body();
        let by_throw = unwound(body, p, block).is_some_and(|v| match body.op(v) {
            Some(Op::Call(call)) => {
                matches!(&call.callee, Callee::External { name } if name == "__cxa_throw")
            }
            _ => false,
        });
        if by_throw && !legal::thrown(body, &self.facts.cells, &self.facts.act).is_empty() {
            self.stop_here(CARRIED);
            return;
        }
        let Some(v) = unwound(body, p, block).filter(|v| self.calls.contains_key(v)) else {
            return;
        };
        let Some(Op::Call(call)) = body.op(v) else {
            return;
        };
        let written = call_writes(&self.facts.cells, v, call);
        if !written.iter().any(|n| self.facts.act.is_active_node(*n)) {
            return;
        }
        let name = match &call.callee {
            Callee::Defined { name } => demangle(name),
            _ => "a function".to_owned(),
        };
        let message = format!(
            "`{name}` threw an exception, and what it wrote before has no derivative; catch the exception outside of the \
             differentiated function, or inline the callee"
        );
        self.stop_here(&message);
    }

    fn stop_here(&mut self, message: &str) {
        stop(self.facts.module, &self.b, message);
        let unreached = self.function.append_block("unreached");
        self.b.position_at_end(unreached);
    }
}
