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
        let Some(callee) = call.called_function() else {
            continue;
        };
        if itself(call, callee)
            || !callee.is_declaration()
            || registry::is_custom(callee)
            || registry::text(call, registry::INACTIVE).is_some()
        {
            continue;
        }
        let name = callee.name();
        if container(f, call, &name)? {
            continue;
        }
        // None of these throws, but a comparator may.
        if call.is_op(Opcode::Call) {
            if memory(call, &name) || allocation(call, &name) || within_argument(call, &name) {
                continue;
            }
            if dynamic_cast(f, call, &name)? {
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

/// Functions on text that return their first argument, and the members of `std::string` that return `*this`: what they
/// write is characters, and what is done with the result is done with the argument, which has a shadow.
fn itself(call: Value, callee: Function) -> bool {
    const FUNCTIONS: [&str; 8] = [
        "strcpy",
        "strncpy",
        "strcat",
        "strncat",
        "__strcpy_chk",
        "__strncpy_chk",
        "__strcat_chk",
        "__strncat_chk",
    ];
    let name = callee.name();
    // A member that returns a reference to a string and no iterator: the frontend says how large it is. Its body may be
    // here as well, for the optimiser to look at.
    let member = || {
        let size = call.call_attribute(AttrIndex::Return, "dereferenceable");
        name.starts_with("_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE")
            && size.and_then(Attribute::int) == Some(STRING_BYTES)
    };
    if call.arg_count() == 0
        || !call.is_used()
        || call.arg(0).ty() != call.ty()
        || !(callee.is_declaration() && FUNCTIONS.contains(&name.as_str()) || member())
    {
        return false;
    }
    call.replace_all_uses_with(call.arg(0));
    true
}

/// The size of libstdc++'s `std::string` where a pointer has eight bytes.
const STRING_BYTES: u64 = 32;

/// Functions whose result is null or a pointer into the first argument: it is computed from that argument, so that its
/// shadow is too. The call that is left carries no derivative, and says so.
fn within_argument(call: Value, name: &str) -> bool {
    const FUNCTIONS: [&str; 17] = [
        "stpcpy",
        "stpncpy",
        "__stpcpy_chk",
        "__stpncpy_chk",
        "memchr",
        "memrchr",
        "rawmemchr",
        "strchr",
        "strrchr",
        "strchrnul",
        "strstr",
        "strcasestr",
        "strpbrk",
        "index",
        "rindex",
        "fgets",
        "__fgets_chk",
    ];
    let (ptr, int) = (call.context().ptr_type(), call.context().i64_type());
    let fits = call.ty() == ptr && call.arg_count() >= 2 && call.arg(0).ty() == ptr;
    let Some(callee) = call
        .called_function()
        .filter(|_| fits && FUNCTIONS.contains(&name))
    else {
        return false;
    };
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let address = |v: Value| b.cast(Opcode::PtrToInt, v, int);
    let searched = b.call_function(callee, &call.args());
    let mark = Attribute::string(call.context(), registry::INACTIVE, "");
    searched.add_call_attribute(AttrIndex::Function, mark);
    let at = address(searched);
    let distance = b.binary(Opcode::Sub, at, address(call.arg(0)));
    let within = b.ptr_add(call.arg(0), distance);
    let none = b.icmp(IntPredicate::Eq, at, int.const_int(0));
    let found = b.select(none, ptr.const_null(), within);
    replace(call, Some(found))
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

/// The functions of the C++ library that work on the nodes of trees and lists, and ours in their place.
const CONTAINERS: &[(&str, &str)] = &[
    ("_ZSt18_Rb_tree_incrementP", "increment"),
    ("_ZSt18_Rb_tree_decrementP", "decrement"),
    ("_ZSt29_Rb_tree_insert_and_rebalance", "insert"),
    ("_ZSt28_Rb_tree_rebalance_for_erase", "erase"),
    ("_ZNSt8__detail15_List_node_base4swapE", "swap"),
    ("_ZNSt8__detail15_List_node_base10_M_reverseE", "reverse"),
    ("_ZNSt8__detail15_List_node_base7_M_hookE", "hook"),
    ("_ZNSt8__detail15_List_node_base9_M_unhookE", "unhook"),
    ("_ZNSt8__detail15_List_node_base11_M_transferE", "transfer"),
    (
        "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_createE",
        "string_create",
    ),
];

/// Calls our functions for trees and lists: they have bodies, which move pointers in shadows as well.
fn container(f: Function, call: Value, name: &str) -> Result<bool, Refusal> {
    // `increment` is there for constant nodes too (`PK…`).
    let Some((_, ours)) = CONTAINERS.iter().find(|(n, _)| name.starts_with(n)) else {
        return Ok(false);
    };
    let text = match *ours {
        "erase" | "swap" | "reverse" => REARRANGE_IR,
        _ => CONTAINERS_IR,
    };
    let Some(ours) = linked(f, &format!("enzyme_rs.std.{ours}"), text)? else {
        return Ok(false);
    };
    let types: Vec<Type> = call.args().iter().map(|a| a.ty()).collect();
    if types != ours.ty().params() || call.ty() != ours.return_type() {
        return Ok(false);
    }
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let new = match call.is_invoke() {
        true => b.invoke(
            ours.ty(),
            ours.as_value(),
            &call.args(),
            call.normal_dest(),
            call.unwind_dest(),
        ),
        false => b.call_function(ours, &call.args()),
    };
    Ok(replace(call, Some(new).filter(|v| !v.ty().is_void())))
}

/// `dynamic_cast`: the object that it finds lies at a distance from the given one that is the same for shadows.
fn dynamic_cast(f: Function, call: Value, name: &str) -> Result<bool, Refusal> {
    let c = call.context();
    let (ptr, int) = (c.ptr_type(), c.i64_type());
    if name != "__dynamic_cast" || !has_types(call, &[ptr, ptr, ptr, int]) {
        return Ok(false);
    }
    // A hint tells the distance when the program is compiled, and so what lies at it.
    let hint = call.arg(3).const_i64().filter(|hint| *hint >= 0);
    let ours = match hint {
        Some(_) => "enzyme_rs.cast.succeeds",
        None => "enzyme_rs.cast.distance",
    };
    let Some(ours) = linked(f, ours, CAST_IR)? else {
        return Ok(false);
    };
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let answer = b.call_function(ours, &call.args());
    let (succeeds, distance) = match hint {
        Some(hint) => (answer, int.const_int_signed(-hint)),
        None => {
            let least = int.const_int_signed(i64::MIN);
            (b.icmp(IntPredicate::Ne, answer, least), answer)
        }
    };
    let to = b.ptr_add(call.arg(0), distance);
    let result = b.select(succeeds, to, ptr.const_null());
    Ok(replace(call, Some(result)))
}

const CAST_IR: &str = include_str!("cast.ll");
const REARRANGE_IR: &str = include_str!("rearrange.ll");
const CONTAINERS_IR: &str = include_str!("containers.ll");
const SORT_IR: &str = include_str!("sort.ll");

/// A function of ours, linked in with those that stand beside it when it is first asked for.
fn linked(f: Function, name: &str, text: &str) -> Result<Option<Function>, Refusal> {
    let module = f.module();
    let defined = |name: &str| module.function(name).filter(|g| !g.is_declaration());
    if defined(name).is_none() {
        module
            .link_text(text, "enzyme_rs library functions")
            .map_err(|why| Refusal::internal(&format!("linking library functions: {why}")))?;
        for g in module.functions() {
            let ours = [
                "enzyme_rs.std.",
                "enzyme_rs.cast.",
                "enzyme_rs.qsort",
                "enzyme_rs.bsearch",
            ];
            if !g.is_declaration() && ours.iter().any(|prefix| g.name().starts_with(prefix)) {
                g.set_linkage(Linkage::Internal);
            }
        }
    }
    Ok(defined(name))
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
    let Some(ours) = linked(f, ours, SORT_IR)? else {
        return Err(Refusal::internal("the sorting functions are missing"));
    };
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let new = b.call_function(ours, &call.args());
    replace(call, Some(new).filter(|v| !v.ty().is_void()));
    new.inline_call()
        .map(|_| ())
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
