//! What generated code calls at run time: the tape's memory. Linked in as IR, internal to each module.
//!
//! A tape is an arena: chunks that double in size, never copied, freed all at once. `enzyme_rs.tape.keep`
//! is for arrays (its result aliases nothing), `enzyme_rs.tape.push` for one record in a loop.

use crate::diag::Refusal;
use crate::llvm::{AttrIndex, Function, Linkage, Module};

const IR: &str = include_str!("runtime.ll");

/// The runtime functions of a module.
#[derive(Clone, Copy, Debug)]
pub struct Runtime {
    pub keep: Function,
    pub push: Function,
    pub free: Function,
    pub size: Function,
    /// Makes a record a deferred free.
    pub list: Function,
    /// Hands what an arena holds to another one.
    pub adopt: Function,
    /// Makes the handle of a tape that the user holds.
    pub open: Function,
    /// Frees a handle, its tape and what was to be freed with it.
    pub close: Function,
}

impl Runtime {
    /// Bytes of an arena: current, end, newest chunk, newest deferred free.
    pub const ARENA_BYTES: u64 = 32;

    /// Links the runtime into the module if it is not there.
    pub fn get(module: Module) -> Result<Runtime, Refusal> {
        let named = |name: &str| module.function(name).filter(|f| !f.is_declaration());
        if named("enzyme_rs.tape.keep").is_none() {
            module
                .link_text(IR, "enzyme_rs runtime")
                .map_err(|why| Refusal::internal(&format!("linking the runtime: {why}")))?;
            for f in module.functions() {
                if f.name().starts_with("enzyme_rs.tape.") && !f.is_declaration() {
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
            list: get("enzyme_rs.tape.list")?,
            adopt: get("enzyme_rs.tape.adopt")?,
            open: get("enzyme_rs.tape.open")?,
            close: get("enzyme_rs.tape.close")?,
        })
    }
}

/// The functions that defer a free, by the name of the function that frees.
pub const DEFER: &str = "enzyme_rs.defer.";

/// What a generated function's calls of the runtime are to a derivative of it: memory that is made and freed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TapeCall {
    /// `push` and `keep`: memory of the size of argument 1.
    Makes,
    /// Frees all memory that the arena, argument 0, made.
    FreesArena,
    /// Will free argument 1 with the arena.
    DefersFree,
    /// Keeps the books.
    Books,
}

/// What a function of the runtime does that is not looked into; `None` for all other functions.
pub fn tape_call(name: &str) -> Option<TapeCall> {
    let rest = name.strip_prefix("enzyme_rs.")?;
    if rest.starts_with("defer.") {
        return Some(TapeCall::DefersFree);
    }
    match rest.strip_prefix("tape.")? {
        "push" | "keep" => Some(TapeCall::Makes),
        "free" => Some(TapeCall::FreesArena),
        "adopt" | "list" => Some(TapeCall::Books),
        _ => None,
    }
}

/// Whether this is one of the tape's functions that are a few instructions and are inlined in the end.
pub fn is_small(f: Function) -> bool {
    f.name().starts_with("enzyme_rs.tape.") && f.has_attribute(AttrIndex::Function, "alwaysinline")
}

/// Links the functions that rules call (digamma and its kin) where something declared them.
pub fn link_rule_functions(module: Module) -> Result<(), Refusal> {
    let mut names = crate::rules::runtime_functions();
    let wanted = |name: &str| module.function(name).is_some_and(|f| f.is_declaration());
    if !names.any(wanted) {
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
