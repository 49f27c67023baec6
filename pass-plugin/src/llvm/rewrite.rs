//! Cloning a body into another signature, and metadata as an operand.

use super::{Function, Metadata, Value, ValueKind, raw};
use llvm_sys::{core::*, prelude::*};
use std::ffi::c_void;

impl Function {
    /// Copies this function's body into `into`, a declaration; `args[i]` takes the place of parameter `i`.
    /// Returns (old, new) of arguments, blocks and instructions, as [`Function::clone_into`] does. `into` keeps its
    /// own attributes.
    pub fn clone_body_into(self, into: Function, args: &[Value]) -> Vec<(Value, Value)> {
        extern "C" fn sink(state: *mut c_void, old: LLVMValueRef, new: LLVMValueRef) {
            // SAFETY: `clone_body_into` passes its list as the state.
            unsafe { (*state.cast::<Vec<(Value, Value)>>()).push((Value(old), Value(new))) }
        }
        assert!(
            !self.is_declaration() && into.is_declaration(),
            "cloning {} into {}",
            self.name(),
            into.name()
        );
        assert_eq!(
            args.len(),
            self.params().len(),
            "one value for each parameter"
        );
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        // SAFETY: both functions are alive, as many values as parameters; `Value` is transparent over the reference;
        // the sink is called only within this call.
        unsafe {
            raw::erx_clone_into_signature(
                self.0,
                into.0,
                args.as_ptr() as *mut _,
                sink,
                (&raw mut pairs).cast(),
            );
        }
        pairs
    }
}

impl Value {
    /// The metadata that an operand of a call is, as in `noalias.scope.decl`.
    pub fn metadata_operand(self) -> Option<Metadata> {
        // SAFETY: checked to be metadata used as a value.
        (self.kind() == ValueKind::Metadata)
            .then(|| Metadata(unsafe { LLVMValueAsMetadata(self.0) }))
    }
}
