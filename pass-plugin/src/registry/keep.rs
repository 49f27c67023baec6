//! Keeps registered functions as they are from the start of the pipeline until they are differentiated.
//!
//! `noinline` keeps calls of them. What they return goes through an opaque function, so that LLVM does not learn it: that
//! a function returns its argument, or always the same, would take the call away from those who use the result, and that
//! it does not read an argument would take the argument away.

use super::calls::{detach_marked, detach_stores};
use super::globals::{self, Fact, annotated, registered, registrations};
use super::identity::{self, OPAQUE};
use super::leaf::leaves;
use super::{ALLOCATOR, DEALLOCATOR, INACTIVE, MATH};
use crate::llvm::{AttrIndex, Attribute, Builder, Function, Metadata, Module, Opcode, TailCall};

/// On a function, ours: the attributes that it had of its own.
const KEPT: &str = "enzyme_rs.kept";
/// What is put on it, and what would contradict that.
const ADDED: [&str; 1] = ["noinline"];
const REMOVED: [&str; 1] = ["alwaysinline"];

/// Protects what the module registers; returns whether there was anything.
pub fn protect(module: Module) -> bool {
    super::tell_libm(module);
    let functions = protected(module);
    for f in &functions {
        keep(*f);
    }
    let registrations = registrations(module);
    for (global, _) in &registrations {
        // Nothing of the program uses it, so optimisers and linkers would drop it.
        module.retain(*global);
    }
    // Malformed registrations are reported when the module is differentiated.
    for fact in globals::read(module).into_iter().flatten() {
        if let Fact::InactiveGlobal(global) = fact {
            let node = Metadata::node(global.context(), &[]);
            global.set_metadata(INACTIVE, Some(node));
        }
    }
    let detached = detach_stores(module) | detach_marked(module);
    detached || !functions.is_empty() || !registrations.is_empty()
}

fn protected(module: Module) -> Vec<Function> {
    let mut functions: Vec<Function> = Vec::new();
    for (global, what) in registrations(module) {
        if let Some(initializer) = global.initializer() {
            functions.extend(registered(&leaves(initializer), what));
        }
    }
    functions.extend(
        annotated(module)
            .into_iter()
            .filter_map(|(target, _)| target.as_function()),
    );
    for f in module.functions() {
        let attributes = [INACTIVE, MATH, ALLOCATOR, DEALLOCATOR];
        let metadata = ["enzyme_augment", "enzyme_gradient", "enzyme_derivative"];
        if attributes
            .iter()
            .any(|a| f.has_attribute(AttrIndex::Function, a))
            || metadata.iter().any(|m| f.as_value().metadata(m).is_some())
        {
            functions.push(f);
        }
    }
    functions.retain(|f| !f.is_declaration());
    functions
}

/// Keeps one function whole until [`release`].
pub fn keep(f: Function) {
    if f.has_attribute(AttrIndex::Function, KEPT) {
        return;
    }
    let had: Vec<&str> = ADDED
        .iter()
        .chain(&REMOVED)
        .copied()
        .filter(|name| f.has_attribute(AttrIndex::Function, name))
        .collect();
    for name in REMOVED {
        f.remove_attribute(AttrIndex::Function, name);
    }
    for name in ADDED {
        f.add_enum_attribute(AttrIndex::Function, name);
    }
    hide_results(f);
    let own = Attribute::string(f.context(), KEPT, &had.join(","));
    f.add_attribute(AttrIndex::Function, own);
}

fn hide_results(f: Function) {
    if f.return_type().is_void() {
        return;
    }
    for block in f.blocks() {
        let Some(ret) = block.terminator().filter(|t| t.is_op(Opcode::Ret)) else {
            continue;
        };
        let must_follow = ret
            .previous()
            .is_some_and(|i| i.is_op(Opcode::Call) && i.tail_call() == TailCall::MustTail);
        if !must_follow {
            let value = identity::of(&Builder::before(ret), OPAQUE, ret.operand(0), &f.params());
            ret.set_operand(0, value);
        }
    }
}

/// Shows again what functions return: differentiation begins.
pub fn expose(module: Module) -> bool {
    identity::drop(module, OPAQUE)
}

/// Undoes [`protect`] and removes the registrations; returns whether there was anything.
pub fn release(module: Module) -> bool {
    let mut changed = false;
    for f in module.functions() {
        let Some(had) = f.attribute(AttrIndex::Function, KEPT) else {
            continue;
        };
        let had = had.text().unwrap_or_default();
        let had: Vec<&str> = had.split(',').collect();
        for name in ADDED {
            if !had.contains(&name) {
                f.remove_attribute(AttrIndex::Function, name);
            }
        }
        for name in REMOVED {
            if had.contains(&name) {
                f.add_enum_attribute(AttrIndex::Function, name);
            }
        }
        f.remove_attribute(AttrIndex::Function, KEPT);
        changed = true;
    }
    for (global, _) in registrations(module) {
        module.unretain(global);
        if !global.is_used() {
            global.erase_global();
        }
        changed = true;
    }
    changed
}
