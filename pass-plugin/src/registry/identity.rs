//! Functions of ours that return their argument, for a while: what stands before one can't be seen through it.

use crate::llvm::{AttrIndex, Attribute, Builder, Function, Linkage, Module, Opcode, Type, Value};

/// A value without its derivative.
pub const DETACH: &str = "enzyme_rs.detach.";
/// A result that LLVM is not to know.
pub const OPAQUE: &str = "enzyme_rs.opaque.";

/// Whether a function cuts the derivative of its argument.
pub fn is_detach(name: &str) -> bool {
    name.starts_with(DETACH)
}

/// A value without its derivative, for `user`.
pub fn detached(value: Value, user: Value) -> Value {
    of(&Builder::before(user), DETACH, value, &[])
}

/// The value behind such a function; `beside` are values that it only seems to read.
pub fn of(b: &Builder, kind: &str, value: Value, beside: &[Value]) -> Value {
    let module = b.function().module();
    let args: Vec<Value> = std::iter::once(value)
        .chain(beside.iter().copied())
        .collect();
    let types: Vec<Type> = args.iter().map(|v| v.ty()).collect();
    let mut name = kind.to_owned();
    for ty in &types {
        let text = ty.to_string();
        name.extend(
            text.chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }),
        );
        name.push('.');
    }
    let ty = value.ty().function_type(&types, false);
    let f = match module.function(&name).filter(|f| f.ty() == ty) {
        Some(f) => f,
        None => define(module, &name, ty),
    };
    b.call_function(f, &args)
}

/// It has a body, so that a program links in which nothing is differentiated. The body may be replaced by another as far
/// as LLVM knows (`linkonce`), so nothing is learnt from it.
fn define(module: Module, name: &str, ty: Type) -> Function {
    let f = module.add_function(name, ty);
    f.set_linkage(Linkage::LinkOnceOdr);
    for attribute in [
        "nounwind",
        "willreturn",
        "nosync",
        "nofree",
        "noinline",
        "optnone",
    ] {
        f.add_enum_attribute(AttrIndex::Function, attribute);
    }
    // `memory(none)`.
    if let Some(none) = Attribute::enumerated(ty.context(), "memory", 0) {
        f.add_attribute(AttrIndex::Function, none);
    }
    let entry = f.append_block("entry");
    Builder::at_end(entry).ret(f.param(0));
    f
}

/// Takes the functions of one kind out again; returns whether there were any.
pub fn drop(module: Module, kind: &str) -> bool {
    let mut changed = false;
    for f in module.functions() {
        if !f.name().starts_with(kind) {
            continue;
        }
        for call in f.users() {
            if call.is_op(Opcode::Call) && call.called_function() == Some(f) {
                call.replace_all_uses_with(call.arg(0));
                call.erase_from_parent();
            }
        }
        if f.users().is_empty() {
            f.erase();
        }
        changed = true;
    }
    changed
}
