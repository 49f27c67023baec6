//! What the passes before link time must leave as it is, marked there and let go of after differentiation.
//!
//! *Loops*: vectorised and unrolled loops differentiate badly. *Functions that are not to be inlined*: thin LTO imports no
//! such body into another module, and a derivative needs it; so the wish is put aside until the imports are there.
#![forbid(unsafe_code)]

use crate::llvm::{AttrIndex, Attribute, Function, Module};

/// In place of `noinline` while it is put aside.
const NOT_TO_BE_INLINED: &str = "enzyme-rs.noinline";

/// Marks loops and functions; returns whether there were any.
pub fn hold(module: Module) -> bool {
    let mut changed = false;
    for f in module.functions() {
        changed |= f.hold_loops() != 0;
        // `optnone` stands beside `noinline` only.
        if !f.is_declaration() && is_noinline(f) && !f.has_attribute(AttrIndex::Function, "optnone")
        {
            f.remove_attribute(AttrIndex::Function, "noinline");
            let mark = Attribute::string(module.context(), NOT_TO_BE_INLINED, "");
            f.add_attribute(AttrIndex::Function, mark);
            changed = true;
        }
    }
    changed
}

/// Takes the marks of [`hold`] away; returns whether there were any.
pub fn release(module: Module) -> bool {
    let mut changed = false;
    for f in module.functions() {
        changed |= f.release_loops() != 0;
        changed |= release_function(f);
    }
    changed
}

/// Functions are not to be inlined again: before differentiation, which obeys that.
pub fn release_functions(module: Module) -> bool {
    let mut changed = false;
    for f in module.functions() {
        changed |= release_function(f);
    }
    changed
}

fn release_function(f: Function) -> bool {
    let held = f.has_attribute(AttrIndex::Function, NOT_TO_BE_INLINED);
    if held {
        f.remove_attribute(AttrIndex::Function, NOT_TO_BE_INLINED);
        f.add_enum_attribute(AttrIndex::Function, "noinline");
    }
    held
}

fn is_noinline(f: Function) -> bool {
    f.has_attribute(AttrIndex::Function, "noinline")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llvm::Context;

    #[test]
    fn loops_are_held_and_released_exactly() {
        let context = Context::create();
        let text = "define void @f(i1 %c) {\n  br label %l\nl:\n  br i1 %c, label %l, label %e, !llvm.loop !0\ne:\n  \
                    ret void\n}\n!0 = distinct !{!0, !1}\n!1 = !{!\"llvm.loop.mustprogress\"}\n";
        let module = Module::parse(context, text).unwrap();
        assert!(hold(module));
        assert!(!hold(module), "a held loop is not held twice");
        assert!(module.to_string().contains("llvm.loop.disable_nonforced"));
        module.verify().unwrap();
        assert!(release(module));
        let text = module.to_string();
        assert!(!text.contains("disable_nonforced") && !text.contains("enzyme_rs.held"));
        assert!(
            text.contains("llvm.loop.mustprogress"),
            "what was there stays"
        );
        module.verify().unwrap();
        module.dispose();
        context.dispose();
    }

    #[test]
    fn functions_can_be_imported_and_are_not_inlined_afterwards() {
        let context = Context::create();
        let text = "define void @f() noinline {\n  ret void\n}\ndefine void @g() noinline optnone {\n  ret void\n}\n\
                    declare void @h() noinline\n";
        let module = Module::parse(context, text).unwrap();
        assert!(hold(module));
        module.verify().unwrap();
        let of = |name: &str| is_noinline(module.function(name).unwrap());
        assert!(!of("f") && of("g") && of("h"));
        assert!(release_functions(module));
        assert!(of("f") && !release(module));
        module.dispose();
        context.dispose();
    }
}
