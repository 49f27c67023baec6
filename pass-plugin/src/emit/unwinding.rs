//! Exceptions that are caught in the differentiated function. The reverse sweep goes from the handler back to what was
//! before the call that threw. What the call itself had done by then left no tape.

use super::indirect::stop;
use super::reverse::Reverse;
use crate::analysis::activity::call_writes;
use crate::diag::demangle;
use crate::ir::{BlockId, Callee, Op};
use crate::plan::walk::unwound;

impl Reverse<'_> {
    /// On the way from `block` back to `p`: if control came by an exception out of a call that may have written active
    /// memory first, nothing is right any more, and the program stops.
    pub fn check_unwound(&mut self, block: BlockId, p: BlockId) {
        let body = self.facts.body();
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
        stop(self.facts.module, &self.b, &message);
        let unreached = self.function.append_block("unreached");
        self.b.position_at_end(unreached);
    }
}
