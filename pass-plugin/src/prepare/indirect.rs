//! Calls through a pointer whose functions are known at run time only. Each becomes a call of a function of our own,
//! `enzyme_rs.called.<n>(pointer, arguments…)`, that does no more than that call. So all later stages see a direct call:
//! what it does to memory is in that function's summary, and its derivative looks the pointer up (`emit/indirect`).

use crate::llvm::{AttrIndex, Attribute, Builder, Function, Linkage, Opcode, Type, Value};

/// What the names of these functions begin with.
pub const CALLED: &str = "enzyme_rs.called.";

/// Whether a function is one of ours that calls its first argument.
pub fn is_called(f: Function) -> bool {
    f.name().starts_with(CALLED) && !f.is_declaration()
}

/// The type under which a call calls its pointer. A call without a prototype (`double (*f)()`) is taken by the arguments
/// that it passes.
pub fn plain_type(call: Value) -> Type {
    let ty = call.called_type();
    if !ty.is_variadic() {
        return ty;
    }
    let params: Vec<Type> = call.args().iter().map(|a| a.ty()).collect();
    ty.return_type().function_type(&params, false)
}

/// The call of the pointer in one of our functions.
pub fn inner_call(called: Function) -> Option<Value> {
    called
        .instructions()
        .into_iter()
        .find(|i| i.is_op(Opcode::Call) && i.called_function().is_none() && !i.is_inline_asm_call())
}

/// Routes the calls through pointers that are left in `f`.
pub fn route(f: Function) {
    for call in f.instructions() {
        let is_call = call.is_op(Opcode::Call) || call.is_op(Opcode::Invoke);
        if !is_call
            || call.is_inline_asm_call()
            || call.callee().strip_constant_casts().as_function().is_some()
            || !call.operand_bundles().is_empty()
        {
            continue;
        }
        let called = called_function(f, call);
        let mut args = vec![call.callee()];
        args.extend(call.args());
        replace_call(call, called, &args);
    }
}

/// Puts a call of `to` in the place of a call.
pub fn replace_call(call: Value, to: Function, args: &[Value]) {
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let new = if call.is_invoke() {
        let (normal, unwind) = (call.normal_dest(), call.unwind_dest());
        b.invoke(to.ty(), to.as_value(), args, normal, unwind)
    } else {
        b.call_function(to, args)
    };
    if !call.ty().is_void() {
        call.replace_all_uses_with(new);
        new.set_name(&call.name());
    }
    call.erase_from_parent();
}

/// Our function for calls like this one: one for each type, calling convention and set of attributes.
fn called_function(f: Function, call: Value) -> Function {
    let module = f.module();
    let c = f.context();
    let plain = plain_type(call);
    let mut params = vec![c.ptr_type()];
    params.extend(plain.params());
    let ty = plain.return_type().function_type(&params, false);
    let known = module.functions().into_iter().filter(|g| is_called(*g));
    let mut count = 0;
    for g in known {
        count += 1;
        let same = g.ty() == ty
            && inner_call(g).is_some_and(|inner| {
                inner.called_type() == call.called_type()
                    && inner.call_conv() == call.call_conv()
                    && attributes(inner) == attributes(call)
            });
        if same {
            return g;
        }
    }
    let g = module.add_function(&format!("{CALLED}{count}"), ty);
    g.set_linkage(Linkage::Internal);
    g.add_enum_attribute(AttrIndex::Function, "noinline");
    for name in ["target-cpu", "target-features", "tune-cpu", "uwtable"] {
        if let Some(attribute) = f.attribute(AttrIndex::Function, name) {
            g.add_attribute(AttrIndex::Function, attribute);
        }
    }
    let b = Builder::at_end(g.append_block("entry"));
    let args = g.params();
    let inner = b.call(call.called_type(), args[0], &args[1..]);
    inner.set_call_conv(call.call_conv());
    for (at, list) in attributes(call) {
        for attribute in list {
            inner.add_call_attribute(at, attribute);
        }
    }
    if inner.ty().is_void() {
        b.ret_void();
    } else {
        b.ret(inner);
    }
    g
}

/// The attributes of a call's result and arguments: they say how it is called.
fn attributes(call: Value) -> Vec<(AttrIndex, Vec<Attribute>)> {
    let places =
        std::iter::once(AttrIndex::Return).chain((0..call.arg_count()).map(AttrIndex::Param));
    places.map(|at| (at, call.call_attributes(at))).collect()
}
