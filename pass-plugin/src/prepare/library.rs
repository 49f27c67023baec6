//! Library functions in terms of what the engine knows: memory functions as intrinsics, allocators as simpler ones,
//! sorting as copies, complex functions with one form for all types.
//!
//! Only functions that are declared here are the library's: one with a body is the program's own.

use crate::diag::Refusal;
use crate::llvm::{
    AttrIndex, Attribute, Builder, Function, IntPredicate, Linkage, Opcode, Type, Value,
};
use crate::registry;
use crate::rules;

/// Rewrites the calls of library functions in `f`.
pub fn spell_out(f: Function) -> Result<(), Refusal> {
    for call in f.instructions() {
        if !call.is_op(Opcode::Call) && !call.is_op(Opcode::Invoke) {
            continue;
        }
        let Some(callee) = call.called_function().filter(|c| c.is_declaration()) else {
            continue;
        };
        if registry::is_custom(callee) || registry::text(call, registry::INACTIVE).is_some() {
            continue;
        }
        // None of these throws, but a comparator may.
        if call.is_op(Opcode::Call) {
            let name = callee.name();
            if memory(call, &name) || allocation(call, &name) {
                continue;
            }
            sorting(f, call, &name)?;
        }
    }
    for call in f.instructions() {
        if call.is_op(Opcode::Call) {
            complex(call);
        }
    }
    Ok(())
}

/// Puts `result` in the place of a call; `None`: it returns nothing that is used.
fn replace(call: Value, result: Option<Value>) -> bool {
    if let Some(result) = result
        && call.is_used()
    {
        call.replace_all_uses_with(result);
    }
    call.erase_from_parent();
    true
}

fn has_types(call: Value, types: &[Type]) -> bool {
    let args = call.args();
    args.len() == types.len() && args.iter().zip(types).all(|(a, ty)| a.ty() == *ty)
}

/// Functions that copy or set memory.
fn memory(call: Value, name: &str) -> bool {
    let c = call.context();
    let (ptr, int) = (c.ptr_type(), c.i64_type());
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let arg = |i: u32| call.arg(i);
    let end = || b.ptr_add(arg(0), arg(2));
    let byte = |v: Value| match v.ty().int_width() {
        Some(8) => v,
        _ => b.cast(Opcode::Trunc, v, c.i8_type()),
    };
    let checked = [ptr, ptr, int, int];
    match name {
        "memcpy" | "mempcpy" | "__memcpy_chk" | "__mempcpy_chk"
            if has_types(call, &checked[..3]) || has_types(call, &checked) =>
        {
            b.memcpy(arg(0), 1, arg(1), 1, arg(2));
            let result = match name.contains("mempcpy") {
                true => end(),
                false => arg(0),
            };
            replace(call, Some(result))
        }
        "memmove" | "__memmove_chk"
            if has_types(call, &checked[..3]) || has_types(call, &checked) =>
        {
            b.memmove(arg(0), 1, arg(1), 1, arg(2));
            replace(call, Some(arg(0)))
        }
        "bcopy" if has_types(call, &checked[..3]) => {
            b.memmove(arg(1), 1, arg(0), 1, arg(2));
            replace(call, None)
        }
        "memset" | "__memset_chk" | "explicit_bzero" | "__explicit_bzero_chk" | "bzero"
            if call.arg_count() >= 2 && arg(0).ty() == ptr =>
        {
            let zeroes = name.contains("bzero");
            let (value, length) = match zeroes {
                true => (c.i8_type().const_int(0), arg(1)),
                false if call.arg_count() < 3 || !arg(1).ty().is_integer() => return false,
                false => (byte(arg(1)), arg(2)),
            };
            if length.ty() != int {
                return false;
            }
            b.memset(arg(0), value, length, 1);
            let result = (!zeroes).then(|| arg(0));
            replace(call, result)
        }
        _ => false,
    }
}

fn declared(call: Value, name: &str, ret: Type, params: &[Type]) -> Option<Function> {
    let module = call.module()?;
    module.get_or_add_function(name, ret.function_type(params, false))
}

/// Allocators with a form of their own.
fn allocation(call: Value, name: &str) -> bool {
    let c = call.context();
    let (ptr, int) = (c.ptr_type(), c.i64_type());
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    match name {
        "reallocarray" if has_types(call, &[ptr, int, int]) => {
            let Some(realloc) = declared(call, "realloc", ptr, &[ptr, int]) else {
                return false;
            };
            // A product that does not fit asks for more than there is.
            let both = b.intrinsic(
                "llvm.umul.with.overflow",
                &[int],
                &[call.arg(1), call.arg(2)],
            );
            let most = int.const_int_signed(-1);
            let bytes = b.select(b.extract_value(both, 1), most, b.extract_value(both, 0));
            let new = b.call_function(realloc, &[call.arg(0), bytes]);
            replace(call, Some(new))
        }
        "posix_memalign" if has_types(call, &[ptr, int, int]) => {
            let Some(aligned) = declared(call, "memalign", ptr, &[int, int]) else {
                return false;
            };
            let new = b.call_function(aligned, &[call.arg(1), call.arg(2)]);
            b.store(new, call.arg(0), 0, false);
            // ENOMEM.
            const NO_MEMORY: u64 = 12;
            let failed = b.icmp(IntPredicate::Eq, new, ptr.const_null());
            let error = call.ty().const_int(NO_MEMORY);
            let result = b.select(failed, error, call.ty().const_int(0));
            replace(call, Some(result))
        }
        _ => false,
    }
}

/// `qsort` and `bsearch`: copies of elements, in an order that has no derivative.
fn sorting(f: Function, call: Value, name: &str) -> Result<(), Refusal> {
    let c = call.context();
    let (ptr, int) = (c.ptr_type(), c.i64_type());
    let ours = match name {
        "qsort" if has_types(call, &[ptr, int, int, ptr]) => "enzyme_rs.qsort",
        "bsearch" if has_types(call, &[ptr, ptr, int, int, ptr]) => "enzyme_rs.bsearch",
        _ => return Ok(()),
    };
    let module = f.module();
    if module.function(ours).is_none_or(|g| g.is_declaration()) {
        module
            .link_text(include_str!("sort.ll"), "enzyme_rs sorting")
            .map_err(|why| Refusal::internal(&format!("linking the sorting functions: {why}")))?;
    }
    let Some(ours) = module.function(ours) else {
        return Err(Refusal::internal("the sorting functions are missing"));
    };
    ours.set_linkage(Linkage::Internal);
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let new = b.call_function(ours, &call.args());
    replace(call, Some(new).filter(|v| !v.ty().is_void()));
    new.inline_call()
        .map_err(|why| Refusal::internal(&format!("inlining the sorting functions: {why}")))
}

/// Complex functions whose numbers do not travel as two floats: `float` pairs travel as vectors, `long double` pairs in
/// memory. The call is put behind a function of ours that takes floats and returns a struct of them.
fn complex(call: Value) {
    let Some(callee) = call.called_function().filter(|c| c.is_declaration()) else {
        return;
    };
    let name = callee.name();
    let Some(rule) = rules::lookup_function(&name) else {
        return;
    };
    if rule.form != rules::Form::Libm || registry::text(call, registry::MATH).is_some() {
        return;
    }
    let params: Vec<Type> = call.args().iter().map(|a| a.ty()).collect();
    let by_value = |i: usize| {
        let attribute = call.call_attribute(AttrIndex::Param(i as u32), "byval")?;
        attribute.ty().filter(|ty| ty.is_aggregate())
    };
    let packed = |ty: Type| ty.is_vector() && ty.member_count() == 2;
    let odd = packed(callee.return_type())
        || (0..params.len()).any(|i| packed(params[i]) || by_value(i).is_some());
    if !odd || callee.is_variadic() {
        return;
    }
    // The floats that the arguments hold.
    let floats: Vec<Vec<Type>> = (0..params.len())
        .map(|i| match by_value(i) {
            Some(ty) => (0..ty.member_count() as u32)
                .map(|k| ty.member(k))
                .collect(),
            None if packed(params[i]) => vec![params[i].element(); 2],
            None => vec![params[i]],
        })
        .collect();
    let flat: Vec<Type> = floats.iter().flatten().copied().collect();
    if flat.len() != rule.rule.params().len() || !flat.iter().all(|ty| ty.is_float()) {
        return;
    }
    let ret = callee.return_type();
    let result = match packed(ret) {
        true => ret.context().struct_type(&[ret.element(); 2], false),
        false => ret,
    };
    let module = callee.module();
    let wrapper_name = format!("enzyme_rs.complex.{name}");
    let wrapper = module.function(&wrapper_name).unwrap_or_else(|| {
        let wrapper = module.add_function(&wrapper_name, result.function_type(&flat, false));
        define_wrapper(wrapper, callee, call, &floats, &name);
        wrapper
    });
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let mut args = Vec::new();
    for (i, parts) in floats.iter().enumerate() {
        let arg = call.arg(i as u32);
        match by_value(i) {
            Some(ty) => {
                for (k, part) in parts.iter().enumerate() {
                    let at = b.struct_gep(ty, arg, k as u32);
                    args.push(b.load(*part, at, 0, false));
                }
            }
            None if packed(params[i]) => {
                for k in 0..2 {
                    args.push(b.extract_element(arg, b.context().i32_type().const_int(k)));
                }
            }
            None => args.push(arg),
        }
    }
    let all = b.call_function(wrapper, &args);
    let value = match packed(ret) {
        true => {
            let mut vector = ret.poison();
            for k in 0..2 {
                let part = b.extract_value(all, k);
                let lane = b.context().i32_type().const_int(u64::from(k));
                vector = b.insert_element(vector, part, lane);
            }
            vector
        }
        false => all,
    };
    replace(call, Some(value));
}

fn define_wrapper(
    wrapper: Function,
    callee: Function,
    call: Value,
    floats: &[Vec<Type>],
    name: &str,
) {
    let c = wrapper.context();
    wrapper.set_linkage(Linkage::Internal);
    let math = Attribute::string(c, registry::MATH, name);
    wrapper.add_attribute(AttrIndex::Function, math);
    for attribute in ["nounwind", "willreturn"] {
        wrapper.add_enum_attribute(AttrIndex::Function, attribute);
    }
    // `memory(none)`: what it keeps in memory is its own.
    if let Some(none) = Attribute::enumerated(c, "memory", 0) {
        wrapper.add_attribute(AttrIndex::Function, none);
    }
    let b = Builder::at_end(wrapper.append_block("entry"));
    let mut params = wrapper.params().into_iter();
    let mut args = Vec::new();
    for (i, parts) in floats.iter().enumerate() {
        let passed = call.arg(i as u32).ty();
        let parts: Vec<Value> = params.by_ref().take(parts.len()).collect();
        let memory = call
            .call_attribute(AttrIndex::Param(i as u32), "byval")
            .and_then(|a| a.ty());
        args.push(match memory {
            Some(ty) => {
                let place = b.entry_alloca(ty, "number");
                place.set_alignment(16);
                for (k, part) in parts.iter().enumerate() {
                    b.store(*part, b.struct_gep(ty, place, k as u32), 0, false);
                }
                place
            }
            None if passed.is_vector() => {
                let mut vector = passed.poison();
                for (k, part) in parts.iter().enumerate() {
                    let lane = c.i32_type().const_int(k as u64);
                    vector = b.insert_element(vector, *part, lane);
                }
                vector
            }
            None => parts[0],
        });
    }
    let again = b.call_function(callee, &args);
    for i in 0..args.len() as u32 {
        for attribute in call.call_attributes(AttrIndex::Param(i)) {
            if matches!(attribute.name().as_str(), "byval" | "align") {
                again.add_call_attribute(AttrIndex::Param(i), attribute);
            }
        }
    }
    let ret = wrapper.return_type();
    match again.ty() == ret {
        true => b.ret(again),
        false => {
            let mut out = ret.poison();
            for k in 0..2 {
                let lane = c.i32_type().const_int(u64::from(k));
                out = b.insert_value(out, b.extract_element(again, lane), k);
            }
            b.ret(out)
        }
    };
}
