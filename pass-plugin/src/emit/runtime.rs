//! What generated code calls at run time: the tape's memory. Linked in as IR, internal to each module.
//!
//! A tape is an arena: chunks that double in size, never copied, freed all at once. `enzyme_rs.tape.keep`
//! is for arrays (its result aliases nothing), `enzyme_rs.tape.push` for one record in a loop.

use crate::diag::Refusal;
use crate::llvm::{Function, Linkage, Module};

const IR: &str = include_str!("runtime.ll");

/// The runtime functions of a module.
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    pub keep: Function,
    pub push: Function,
    pub free: Function,
    pub size: Function,
    /// Makes the handle of a tape that the user holds.
    pub open: Function,
    /// Frees a handle, its tape and what was to be freed with it.
    pub close: Function,
}

impl Runtime {
    /// Bytes of an arena: current, end, newest chunk, newest deferred free.
    pub const ARENA_BYTES: u64 = 32;
    /// Where the newest deferred free stands in it.
    pub const FREES: u64 = 24;

    /// Links the runtime into the module if it is not there.
    pub fn get(module: Module) -> Result<Runtime, Refusal> {
        let named = |name: &str| module.function(name).filter(|f| !f.is_declaration());
        if named("enzyme_rs.tape.keep").is_none() {
            module
                .link_text(IR, "enzyme_rs runtime")
                .map_err(|why| Refusal::internal(&format!("linking the runtime: {why}")))?;
            for name in ["keep", "push", "free", "size", "grow", "open", "close"] {
                if let Some(f) = named(&format!("enzyme_rs.tape.{name}")) {
                    f.set_linkage(Linkage::Internal);
                }
            }
        }
        let get = |name: &str| {
            named(name).ok_or_else(|| Refusal::internal(&format!("the runtime has no {name}")))
        };
        Ok(Runtime {
            keep: get("enzyme_rs.tape.keep")?,
            push: get("enzyme_rs.tape.push")?,
            free: get("enzyme_rs.tape.free")?,
            size: get("enzyme_rs.tape.size")?,
            open: get("enzyme_rs.tape.open")?,
            close: get("enzyme_rs.tape.close")?,
        })
    }
}

/// Links the functions that rules call (digamma and its kin) where something declared them.
pub fn link_rule_functions(module: Module) -> Result<(), Refusal> {
    let wanted = module
        .functions()
        .into_iter()
        .any(|f| f.is_declaration() && f.name().starts_with("enzyme_rs."));
    if !wanted {
        return Ok(());
    }
    module
        .link_text(crate::rules::RUNTIME_IR, "enzyme_rs rule functions")
        .map_err(|why| Refusal::internal(&format!("linking the rules' functions: {why}")))?;
    for f in module.functions() {
        if f.name().starts_with("enzyme_rs.") && !f.is_declaration() {
            f.set_linkage(Linkage::Internal);
        }
    }
    Ok(())
}
