//! Debug locations: where in the source an instruction came from, through what inlining.

use super::{Metadata, Value, raw, text};
use llvm_sys::{core::*, debuginfo::*};
use std::ptr;

/// An instruction's debug location.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct DebugLoc(pub(super) Metadata);

/// One frame of a location: the innermost first, then where each was inlined.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Frame {
    pub line: u32,
    pub column: u32,
    pub file: Option<String>,
    pub directory: Option<String>,
    /// The function's name in the source.
    pub function: Option<String>,
    /// The function's mangled name.
    pub linkage_name: Option<String>,
}

impl DebugLoc {
    pub fn line(self) -> u32 {
        // SAFETY: a DILocation.
        unsafe { LLVMDILocationGetLine(self.0.0) }
    }

    pub fn column(self) -> u32 {
        // SAFETY: a DILocation.
        unsafe { LLVMDILocationGetColumn(self.0.0) }
    }

    pub fn scope(self) -> Metadata {
        // SAFETY: a DILocation, whose scope is never null.
        Metadata(unsafe { LLVMDILocationGetScope(self.0.0) })
    }

    pub fn inlined_at(self) -> Option<DebugLoc> {
        // SAFETY: a DILocation.
        Metadata::maybe(unsafe { LLVMDILocationGetInlinedAt(self.0.0) }).map(DebugLoc)
    }

    fn frame(self) -> Frame {
        Frame {
            line: self.line(),
            column: self.column(),
            ..self.scope().scope_frame()
        }
    }

    /// The frames, innermost first.
    pub fn frames(self) -> Vec<Frame> {
        std::iter::successors(Some(self), |loc| loc.inlined_at())
            .map(DebugLoc::frame)
            .collect()
    }
}

impl Value {
    /// The debug location of an instruction.
    pub fn debug_loc(self) -> Option<DebugLoc> {
        // SAFETY: the value is alive; the shim answers null for what has none.
        Metadata::maybe(unsafe { raw::erx_debug_loc(self.0) }).map(DebugLoc)
    }

    pub fn set_debug_loc(self, loc: Option<DebugLoc>) {
        assert!(self.is_instruction(), "{self} has no debug location");
        // SAFETY: an instruction; null takes the location away.
        unsafe { LLVMInstructionSetDebugLoc(self.0, loc.map_or(ptr::null_mut(), |loc| loc.0.0)) }
    }

    pub fn copy_debug_loc(self, from: Value) {
        self.set_debug_loc(from.debug_loc());
    }
}

impl super::Builder {
    /// The location that new instructions get.
    pub fn set_debug_loc(&self, loc: Option<DebugLoc>) {
        // SAFETY: the builder is ours; null takes the location away.
        unsafe {
            LLVMSetCurrentDebugLocation2(self.raw(), loc.map_or(ptr::null_mut(), |loc| loc.0.0))
        }
    }
}

impl Metadata {
    /// The file and names of a debug scope, as a frame without a line.
    pub fn scope_frame(self) -> Frame {
        // SAFETY: the scope is alive, and the shim answers null for what is no scope; the messages are ours.
        unsafe {
            Frame {
                line: 0,
                column: 0,
                file: text::owned(raw::erx_scope_file(self.0, false)),
                directory: text::owned(raw::erx_scope_file(self.0, true)),
                function: text::owned(raw::erx_scope_name(self.0, false)),
                linkage_name: text::owned(raw::erx_scope_name(self.0, true)),
            }
        }
    }
}
