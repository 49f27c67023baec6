//! Safe, `Copy` handles over LLVM: the only folder that speaks to LLVM, and with [`crate::entry`] the only one with
//! `unsafe`.
//!
//! **The invariant that every safe method here trusts**, and every `SAFETY` sentence means by "alive": a handle is
//! used only while the plugin holds the module it came from (from a hook's call until its return), only on the thread
//! of that call, and not after what it names was erased. A handle is a bare pointer, so the type system does not
//! check this; in return handles can be stored in maps and arenas. Handles compare by identity.
//!
//! A second rule is checked by assertions where it is cheap: a query that makes sense for one kind of instruction is
//! asked of that kind only. A failed assertion is a mistake in the plugin, caught at the entry as an internal error.
//!
//! | file | subject |
//! |---|---|
//! | `types` | contexts, types, constants made from types |
//! | `module`, `function`, `block` | the containers |
//! | `value`, `constant` | what every value has; constants and globals |
//! | `opcode` | the enums: opcodes, predicates, orderings, linkages |
//! | `instruction`, `call` | queries on instructions |
//! | `builder` | making instructions |
//! | `attributes`, `metadata`, `debug_loc` | what is attached |
//! | `analysis` | loops, trip counts, alias queries |
//! | `diagnostics` | messages to the host |
//! | `rewrite` | cloning bodies |
//! | `import` | definitions from other bitcode |
//! | `raw`, `text` | the C border |
//! | `version` | what differs between versions of LLVM |

mod analysis;
mod attributes;
mod block;
mod builder;
mod call;
mod constant;
mod debug_loc;
mod diagnostics;
mod function;
mod import;
mod instruction;
mod metadata;
mod module;
mod opcode;
mod raw;
mod rewrite;
mod text;
mod types;
mod value;
mod version;

pub use analysis::{Alias, Analyses, ExitCount, ExitKind, ModRef, NaturalLoop, TripCount};
pub use attributes::{AllocKind, AttrIndex, Attribute, AttributeValue, MemoryEffects};
pub use block::Block;
pub use builder::Builder;
pub use call::TailCall;
pub use debug_loc::{DebugLoc, Frame};
pub use diagnostics::{DiagnosticLog, Severity};
pub use function::{ClonedFunction, Function};
pub use import::{Definitions, Importer, definitions};
pub use instruction::{GepParts, PoisonFlags};
pub use metadata::{Metadata, MetadataKind};
pub use module::Module;
pub use opcode::{FastMath, FloatPredicate, IntPredicate, Linkage, Opcode, Ordering, RmwOp};
pub use types::{Context, Type, TypeKind};
pub use value::{AggregateKind, Use, Value, ValueKind};
pub use version::{PLUGIN_API_VERSION, PassPluginLibraryInfo};

/// The major version of the LLVM whose headers the plugin was built against.
pub fn built_for_major() -> u32 {
    // SAFETY: no precondition; it touches no LLVM symbol.
    unsafe { raw::erx_built_for_major() }
}

/// The name of something that the plugin needs of the host's LLVM and that is not there.
pub fn missing_symbol() -> Option<String> {
    // SAFETY: no precondition; it touches no LLVM symbol.
    let name = unsafe { raw::erx_missing_symbol() };
    if name.is_null() {
        return None;
    }
    // SAFETY: a C string in the plugin's own data.
    let name = unsafe { std::ffi::CStr::from_ptr(name) };
    Some(name.to_string_lossy().into_owned())
}

/// Registers the pass `enzyme` with the host's `PassBuilder`, for pipelines that name it, and where `hooks`, at the hooks
/// of the default pipelines too.
///
/// # Safety
/// `builder` is the live `llvm::PassBuilder` that a host of our LLVM version passed to the plugin.
pub(crate) unsafe fn register(builder: *mut std::ffi::c_void, hooks: bool) {
    // SAFETY: the caller vouches for the builder.
    unsafe { raw::erx_register_name(builder) }
    if hooks {
        // SAFETY: the same.
        unsafe { raw::erx_register_hooks(builder) }
    }
}

#[cfg(test)]
mod tests;
