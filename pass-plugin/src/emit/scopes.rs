//! Alias scopes of one derivative: what its own memory and its sweeps are known not to touch. Without them every adjoint
//! that is stored might have changed the tape, and LLVM would load all of it again in each iteration.
//!
//! Two facts, each of which holds for all time, so that the scopes need no declarations and no loop limits them:
//! - the **tape** is read and written only by what saves values and looks them up, never by the user's code, nor through
//!   shadows;
//! - the reverse sweep never writes the **primal**'s memory: what it stores as a float is an adjoint.
//!
//! A scope belongs to one derivative. To a derivative of this derivative, its tape is the user's memory.

use super::Facts;
use crate::llvm::{Block, Function, Metadata, Opcode, Value};

/// The scopes, as lists of one.
#[derive(Clone, Copy, Debug)]
pub struct Scopes {
    tape: Metadata,
    primal: Metadata,
}

impl Scopes {
    pub fn new(facts: &Facts) -> Scopes {
        let c = facts.context();
        let domain = Metadata::new_scope_domain(c, "enzyme_rs");
        let scope = |name| Metadata::node(c, &[Metadata::new_scope(domain, c, name)]);
        Scopes {
            tape: scope("tape"),
            primal: scope("primal"),
        }
    }

    /// A load or store of the tape.
    pub fn is_tape(&self, access: Value) {
        access.set_metadata("alias.scope", Some(self.tape));
    }

    /// A load, in the reverse sweep, of memory that the forward sweep has written for the last time: the primal's, or a
    /// pointer in a shadow.
    pub fn is_read_again(&self, load: Value) {
        load.set_metadata("alias.scope", Some(self.primal));
    }

    /// Says of the float stores in these blocks, which are the reverse sweep's, that they are adjoints.
    pub fn adjoints_in(&self, reverse: &[Block]) {
        for inst in reverse.iter().flat_map(|b| b.instructions()) {
            if inst.is_op(Opcode::Store) && inst.operand(0).ty().scalar().is_float() {
                add_noalias(inst, self.primal);
            }
        }
    }

    /// Says of all accesses but the tape's that they are not the tape's.
    pub fn rest_is_not_tape(&self, f: Function) {
        for inst in f.instructions() {
            let access = inst.is_op(Opcode::Load) || inst.is_op(Opcode::Store);
            if access && inst.metadata("alias.scope") != Some(self.tape) {
                add_noalias(inst, self.tape);
            }
        }
    }
}

/// Adds to the scopes that an access is not in.
fn add_noalias(access: Value, scopes: Metadata) {
    let mut all = access
        .metadata("noalias")
        .map(Metadata::scopes)
        .unwrap_or_default();
    all.extend(scopes.scopes());
    access.set_metadata("noalias", Some(Metadata::node(access.context(), &all)));
}
