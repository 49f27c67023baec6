//! Memory in the form that the engine wants: no lifetime markers, stack memory in the entry block,
//! `realloc` spelt out as allocate, copy, free.

use super::stack;
use crate::diag::Refusal;
use crate::ir::Callee;
use crate::ir::build::classify;
use crate::llvm::{Builder, Function, IntPredicate, Opcode, Type, Value};

/// Removes lifetime markers: the reverse sweep reads stack memory after its "end".
pub fn drop_lifetimes(f: Function) {
    for i in intrinsics(f, "llvm.lifetime.") {
        i.erase_from_parent();
    }
}

/// Moves allocas of constant size to the entry block, and makes heap memory of the others. What was on the
/// stack only for a while is then there until the end, so saving and restoring the stack goes too.
///
/// A moved alloca is one piece of memory for all iterations of a loop around it. That is the same to the
/// program unless it keeps the address across iterations, which no front end's IR does: clang and rustc
/// put fixed-size variables in the entry block themselves.
pub fn place_allocas(f: Function) -> Result<(), Refusal> {
    let entry = f.entry();
    for i in f.instructions() {
        if !i.is_op(Opcode::Alloca) || i.is_static_alloca() {
            continue;
        }
        if !i.alloca_count().is_constant() {
            stack::move_to_heap(f, i)?;
            continue;
        }
        let first = entry
            .first_insertion_point()
            .expect("the entry block has a terminator");
        let copy = i.clone_instruction();
        Builder::before(first).insert(copy);
        i.replace_all_uses_with(copy);
        i.erase_from_parent();
    }
    for i in intrinsics(f, "llvm.stackrestore") {
        i.erase_from_parent();
    }
    Ok(())
}

/// Makes the copy of a struct that is passed by value (`byval`) explicit: a derivative of the callee is handed the
/// copy's address.
pub fn copy_by_value(f: Function) {
    for call in f.instructions() {
        if !call.is_op(Opcode::Call) && !call.is_op(Opcode::Invoke) {
            continue;
        }
        for k in 0..call.arg_count() {
            let by_value = call
                .call_attribute(crate::llvm::AttrIndex::Param(k), "byval")
                .and_then(|a| a.ty());
            let Some(ty) = by_value.filter(|t| t.is_sized()) else {
                continue;
            };
            let b = Builder::before(call);
            b.set_debug_loc(call.debug_loc());
            let copy = b.entry_alloca(ty, "by.value");
            let bytes = f.module().abi_size(ty);
            let bytes = f.context().i64_type().const_int(bytes);
            b.memcpy(copy, 1, call.arg(k), 1, bytes);
            call.set_operand(k, copy);
        }
    }
}

/// Where a float is loaded only to look at its bits, or stored after its bits were put together, LLVM makes an integer
/// access of it, and nothing says any more that the memory holds floats. A fence between the two keeps it.
pub fn keep_floats(f: Function) {
    let is_bits = |from: Type, to: Type| {
        from.scalar().is_float() != to.scalar().is_float()
            && (from.scalar().is_integer() || to.scalar().is_integer())
    };
    for i in f.instructions() {
        if i.is_op(Opcode::BitCast) && is_bits(i.operand(0).ty(), i.ty()) {
            let x = i.operand(0);
            if x.ty().scalar().is_float() && x.is_op(Opcode::Load) {
                let b = Builder::before(i);
                i.set_operand(0, b.intrinsic("llvm.arithmetic.fence", &[x.ty()], &[x]));
            }
        }
        if i.is_op(Opcode::Store) {
            let x = i.operand(0);
            let made = x.is_op(Opcode::BitCast) && is_bits(x.operand(0).ty(), x.ty());
            if made && x.ty().scalar().is_float() {
                let b = Builder::before(i);
                i.set_operand(0, b.intrinsic("llvm.arithmetic.fence", &[x.ty()], &[x]));
            }
        }
    }
}

/// The calls of intrinsics whose names begin so.
pub fn intrinsics(f: Function, prefix: &str) -> Vec<Value> {
    let named = |i: &Value| {
        i.is_op(Opcode::Call) && i.intrinsic_name().is_some_and(|n| n.starts_with(prefix))
    };
    f.instructions().into_iter().filter(named).collect()
}

/// Rewrites `realloc` as `alloc`, `memcpy`, `free`, so that shadows and deferred frees need no rule for
/// it. On failure (null) the old memory stays, as with `realloc`.
pub fn expand_realloc(f: Function) {
    let mut work: Vec<Value> = f.instructions();
    while let Some(i) = work.pop() {
        if !i.is_op(Opcode::Call) {
            continue;
        }
        let Callee::Realloc { ptr_arg, size_arg } = classify(i) else {
            continue;
        };
        if !lacks_siblings(f, i) {
            expand_one(f, i, ptr_arg, size_arg);
            continue;
        }
        // What it is made of is another allocator's `realloc`, whose siblings are there.
        match i.inline_call() {
            Ok(calls) => work.extend(calls),
            Err(_) => expand_one(f, i, ptr_arg, size_arg),
        }
    }
}

/// Whether a `realloc` has a body here, and the functions to allocate and to free beside it are gone: a compiler that saw
/// the whole program has inlined them everywhere, and naming them anew would ask the linker for what no longer is there.
fn lacks_siblings(f: Function, call: Value) -> bool {
    let Some(realloc) = call.called_function().filter(|r| !r.is_declaration()) else {
        return false;
    };
    let gone = |suffix| {
        let sibling = sibling_symbol(&realloc.name(), suffix);
        f.module().function(&sibling).is_none_or(is_gone)
    };
    call.arg_count() == 4 && ["alloc", "dealloc"].into_iter().any(gone)
}

/// A declaration that nothing calls is one that we made, or that a compiler left behind.
fn is_gone(f: Function) -> bool {
    f.is_declaration() && f.users().is_empty()
}

fn expand_one(f: Function, call: Value, ptr_arg: u32, size_arg: u32) {
    let module = f.module();
    let name = call.called_function().map(|f| f.name()).unwrap_or_default();
    let context = f.context();
    let (ptr, i64t) = (context.ptr_type(), context.i64_type());
    let old = call.arg(ptr_arg);
    let new_size = call.arg(size_arg);
    // Rust's form tells the old size: (pointer, old size, alignment, new size).
    let rust = call.arg_count() == 4;
    let b = Builder::before(call);
    // LLVM wants one on calls of functions that have debug information.
    b.set_debug_loc(call.debug_loc());
    let family = |suffix: &str, ty: Type| {
        let sibling = sibling_symbol(&name, suffix);
        module
            .function(&sibling)
            .unwrap_or_else(|| module.add_function(&sibling, ty))
    };
    let (fresh, old_size) = if rust {
        let alloc = family("alloc", ptr.function_type(&[i64t, i64t], false));
        declare_rust_alloc(alloc, true);
        (
            b.call_function(alloc, &[new_size, call.arg(2)]),
            call.arg(1),
        )
    } else {
        let malloc = module
            .function("malloc")
            .unwrap_or_else(|| module.add_function("malloc", ptr.function_type(&[i64t], false)));
        let usable = module.function("malloc_usable_size").unwrap_or_else(|| {
            module.add_function("malloc_usable_size", i64t.function_type(&[ptr], false))
        });
        let fresh = b.call_function(malloc, &[new_size]);
        (fresh, b.call_function(usable, &[old]))
    };
    let before = call.parent_block().expect("calls have blocks");
    let rest = before.split_before(call, "realloc.done");
    let copy = rest.insert_before("realloc.copy");
    before
        .terminator()
        .expect("split made a branch")
        .erase_from_parent();
    let b = Builder::at_end(before);
    let failed = b.icmp(IntPredicate::Eq, fresh, ptr.const_null());
    b.cond_br(failed, rest, copy);
    let b = Builder::at_end(copy);
    b.set_debug_loc(call.debug_loc());
    let smaller = b.icmp(IntPredicate::Ult, old_size, new_size);
    let bytes = b.select(smaller, old_size, new_size);
    b.memcpy(fresh, 1, old, 1, bytes);
    if rust {
        let void = context.void_type();
        let free = family("dealloc", void.function_type(&[ptr, i64t, i64t], false));
        declare_rust_alloc(free, false);
        b.call_function(free, &[old, old_size, call.arg(2)]);
    } else {
        let void = context.void_type();
        let free = module
            .function("free")
            .unwrap_or_else(|| module.add_function("free", void.function_type(&[ptr], false)));
        b.call_function(free, &[old]);
    }
    b.br(rest);
    call.replace_all_uses_with(fresh);
    call.erase_from_parent();
}

/// The name of the allocator function beside this `realloc`: `__rust_realloc`, also in the mangled form
/// whose path segments carry their length and, before an underscore, one more (`14___rust_realloc`).
fn sibling_symbol(name: &str, suffix: &str) -> String {
    let replaced = format!("__rust_{suffix}");
    const SEGMENT: &str = "14___rust_realloc";
    match name.find(SEGMENT) {
        Some(at) => {
            let (head, tail) = (&name[..at], &name[at + SEGMENT.len()..]);
            format!("{head}{}_{replaced}{tail}", replaced.len())
        }
        None => name.replace("__rust_realloc", &replaced),
    }
}

/// A sibling that the module did not declare yet gets the attributes by which allocators are recognised.
fn declare_rust_alloc(f: Function, alloc: bool) {
    use crate::llvm::{AllocKind, AttrIndex, Attribute};
    if f.alloc_kind().is_some() || !f.is_declaration() {
        return;
    }
    let context = f.context();
    let kind = if alloc {
        AllocKind::ALLOC | AllocKind::UNINITIALIZED
    } else {
        AllocKind::FREE
    };
    let add = |name: &str, value: u64, at: AttrIndex| {
        if let Some(attribute) = Attribute::enumerated(context, name, value) {
            f.add_attribute(at, attribute);
        }
    };
    add("allockind", kind, AttrIndex::Function);
    if alloc {
        // One size argument, number 0: the encoding puts "no second argument" in the low word.
        add("allocsize", u64::from(u32::MAX), AttrIndex::Function);
    } else {
        add("allocptr", 0, AttrIndex::Param(0));
    }
    f.add_attribute(
        AttrIndex::Function,
        Attribute::string(context, "alloc-family", "__rust_alloc"),
    );
}
