//! Arguments that are passed as a copy in memory (`byval`): a derivative is called with the caller's memory, so the
//! function makes its copy itself.

use crate::llvm::{AttrIndex, Attribute, Builder, Function};

/// Gives the function its own copies.
pub fn copy_arguments(f: Function) {
    let module = f.module();
    for (i, param) in f.params().into_iter().enumerate() {
        let at = AttrIndex::Param(i as u32);
        let Some(ty) = f.attribute(at, "byval").and_then(|a| a.ty()) else {
            continue;
        };
        f.remove_attribute(at, "byval");
        // What the memory holds stays known.
        if let Some(byref) = Attribute::typed(f.context(), "byref", ty) {
            f.add_attribute(at, byref);
        }
        let uses = param.uses();
        if uses.is_empty() {
            continue;
        }
        let align = f.attribute(at, "align").and_then(|a| a.int()).unwrap_or(1);
        let align = u32::try_from(align).unwrap_or(1);
        let first = f.entry().first_instruction();
        let b = Builder::before(first.expect("blocks have terminators"));
        let copy = b.entry_alloca(ty, "byval");
        let bytes = b.context().i64_type().const_int(module.abi_size(ty));
        b.memcpy(copy, 1, param, align, bytes);
        for usage in uses {
            usage.user.set_operand(usage.operand, copy);
        }
    }
}
