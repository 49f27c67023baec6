//! Definitions from other bitcode.

use super::{module::Module, raw, text};
use std::ffi::{c_char, c_void};

/// Names of the functions and constants that bitcode defines.
#[derive(Debug, Default)]
pub struct Definitions {
    /// For others to see.
    pub seen: Vec<String>,
    /// Local to the module.
    pub own: Vec<String>,
}

/// What bitcode defines.
pub fn definitions(bitcode: &[u8]) -> Definitions {
    let mut names = Definitions::default();
    let seen = (&raw mut names.seen).cast::<c_void>();
    let own = (&raw mut names.own).cast::<c_void>();
    // SAFETY: the range is readable, and the sink gets the vectors that it expects.
    unsafe {
        raw::erx_list_definitions(
            bitcode.as_ptr().cast(),
            bitcode.len(),
            text::collect_texts,
            seen,
            own,
        );
    }
    names
}

/// Copies definitions into one module. LLVM's own looks through all of the module when it is made, so there is one for
/// all copies; it knows which metadata it has brought along. They become the module's own when it goes.
#[derive(Debug)]
pub struct Importer {
    importer: *mut c_void,
    module: Module,
}

impl Importer {
    /// The module must outlive it: it is the one that a pass is run on.
    pub fn new(module: Module) -> Importer {
        // SAFETY: the module is alive.
        let importer = unsafe { raw::erx_importer(module.0) };
        Importer { importer, module }
    }

    /// Copies definitions from bitcode into the module; its declarations of those names get their bodies. The error says why
    /// it can't be done; the module is then fit for nothing but a failing build.
    pub fn import(&mut self, bitcode: &[u8], names: &[String]) -> Result<(), String> {
        let texts: Vec<*const c_char> = names.iter().map(|n| n.as_ptr().cast()).collect();
        let lengths: Vec<usize> = names.iter().map(String::len).collect();
        // SAFETY: importer and module are alive, the bitcode and all names are readable, and the arrays have an entry
        // for each name.
        let why = unsafe {
            raw::erx_import_definitions(
                self.importer,
                self.module.0,
                bitcode.as_ptr().cast(),
                bitcode.len(),
                texts.as_ptr(),
                lengths.as_ptr(),
                names.len(),
            )
        };
        // SAFETY: null, or a message that the shim made.
        unsafe { text::owned(why) }.map_or(Ok(()), Err)
    }
}

impl Drop for Importer {
    fn drop(&mut self) {
        // SAFETY: it was made by `new`, and nothing refers to it any more.
        unsafe { raw::erx_drop_importer(self.importer) };
    }
}
