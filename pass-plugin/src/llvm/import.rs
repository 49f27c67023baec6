//! Definitions from other bitcode.

use super::{module::Module, raw, text};
use std::ffi::c_void;

/// Names of the functions and constants that bitcode defines for others to see.
pub fn definitions(bitcode: &[u8]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let state = (&raw mut names).cast::<c_void>();
    // SAFETY: the range is readable, and the sink gets the vector that it expects.
    unsafe {
        raw::erx_list_definitions(
            bitcode.as_ptr().cast(),
            bitcode.len(),
            text::collect_texts,
            state,
        );
    }
    names
}

impl Module {
    /// Copies a definition from bitcode into the module, as its own; the module's declaration of that name becomes the copy.
    /// The error says why it can't be done; the module is then fit for nothing but a failing build.
    pub fn import(self, bitcode: &[u8], name: &str) -> Result<(), String> {
        // SAFETY: the module is alive, and both ranges are readable.
        let why = unsafe {
            raw::erx_import_definition(
                self.0,
                bitcode.as_ptr().cast(),
                bitcode.len(),
                name.as_ptr().cast(),
                name.len(),
            )
        };
        // SAFETY: null, or a message that the shim made.
        unsafe { text::owned(why) }.map_or(Ok(()), Err)
    }
}
