//! What differs between the LLVM versions that the plugin can be built for; `shim/version.h` is the shim's half.
//!
//! The cargo feature `llvm-19` chooses LLVM 19; without it, it is LLVM 22. LLVM's C API keeps its functions and numbers, so
//! one set of declarations serves both as long as only functions are used that the older one has: the build of a plugin for
//! it shows that, for all its symbols are bound when it is loaded.

use std::ffi::{c_char, c_void};

/// The version of the plugin API; the shim asserts it.
pub const PLUGIN_API_VERSION: u32 = if cfg!(feature = "llvm-19") { 1 } else { 2 };

/// `llvm::PassPluginLibraryInfo`, whose size the shim asserts.
#[repr(C)]
#[derive(Debug)]
pub struct PassPluginLibraryInfo {
    pub api_version: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub register: Option<extern "C" fn(*mut c_void)>,
    #[cfg(not(feature = "llvm-19"))]
    pub pre_codegen: *const c_void,
}

const _: () =
    assert!(size_of::<PassPluginLibraryInfo>() == if cfg!(feature = "llvm-19") { 32 } else { 40 });

// Unit tests have no host that brings LLVM; build.rs tells where this one is. `cfg(test)` keeps it out of the plugin.
#[cfg(test)]
#[cfg_attr(not(feature = "llvm-19"), link(name = "LLVM-22", kind = "dylib"))]
#[cfg_attr(feature = "llvm-19", link(name = "LLVM-19", kind = "dylib"))]
unsafe extern "C" {}
