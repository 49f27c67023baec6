//! Calls that cut derivatives: `__enzyme_call_inactive(f, …)` becomes a call of `f` that is marked inactive, and
//! `__enzyme_ignore_derivatives(x)` a *detach*, a call that returns its operand. So do values that a front end marked
//! with `!enzyme_inactive`.
//!
//! A detach stays until all is differentiated (the derivative of a derivative is to be cut there too) and then goes.

use enzyme_sys::Entry;

use super::INACTIVE;
use super::identity::{self, DETACH, is_detach};
use crate::diag::{Code, Refusal};
use crate::llvm::{
    AttrIndex, Attribute, Builder, Function, Module, Opcode, TailCall, Type, Value, ValueKind,
};

/// Rewrites all such calls of the module; returns whether there were any. A call that can't be is an error.
pub fn rewrite(module: Module) -> Result<bool, Refusal> {
    let mut changed = detach_marked(module);
    for f in module.functions() {
        // A stand-in with a body, for builds without a plugin, is as good as the declaration.
        match Entry::from_name(&f.name()) {
            Some(Entry::CallInactive) => {
                for call in calls_of(f) {
                    call_inactive(call)?;
                    changed = true;
                }
            }
            Some(Entry::IgnoreDerivatives) => {
                for call in calls_of(f) {
                    ignore_derivatives(call)?;
                    changed = true;
                }
            }
            Some(_) | None => {}
        }
    }
    Ok(changed)
}

fn calls_of(f: Function) -> Vec<Value> {
    let is_call = |v: &Value| {
        (v.is_op(Opcode::Call) || v.is_op(Opcode::Invoke))
            && v.callee().strip_constant_casts() == f.as_value()
    };
    f.users().into_iter().filter(is_call).collect()
}

fn refuse(call: Value, what: String) -> Refusal {
    Refusal::new(Code::BadMarkerCall, what).at_value(call)
}

/// The attributes of parameters that say how an argument is passed.
const PASSING: [&str; 6] = ["sret", "byval", "align", "zeroext", "signext", "inreg"];

/// `r = __enzyme_call_inactive(f, a, …)` as `r = f(a, …)`.
fn call_inactive(call: Value) -> Result<(), Refusal> {
    let sret = call.arg_count() > 0 && call.call_attribute(AttrIndex::Param(0), "sret").is_some();
    let at = u32::from(sret);
    if call.arg_count() <= at {
        return Err(refuse(
            call,
            "`__enzyme_call_inactive` without a function".to_owned(),
        )
        .help("its first argument is the function to call"));
    }
    let target = call.arg(at).strip_constant_casts();
    let mut given: Vec<(u32, Value)> = Vec::new();
    given.extend(sret.then(|| (0, call.arg(0))));
    given.extend((at + 1..call.arg_count()).map(|i| (i, call.arg(i))));
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let known = target.as_function();
    let ty = match known {
        Some(f) => f.ty(),
        None => {
            let params: Vec<Type> = given.iter().map(|(_, v)| v.ty()).collect();
            call.ty().function_type(&params, false)
        }
    };
    let params = ty.params();
    if given.len() < params.len() || (given.len() > params.len() && !ty.is_variadic()) {
        return Err(refuse(
            call,
            format!(
                "`__enzyme_call_inactive` passes {} arguments to a function of {}",
                given.len(),
                params.len()
            ),
        ));
    }
    let mut args = Vec::new();
    for (i, (_, v)) in given.iter().enumerate() {
        args.push(match params.get(i) {
            Some(param) => fit(&b, *v, *param).ok_or_else(|| {
                refuse(
                    call,
                    format!(
                        "argument {} of `__enzyme_call_inactive` has type `{}`, but the function's parameter is `{param}`",
                        i + 1,
                        v.ty()
                    ),
                )
            })?,
            None => *v,
        });
    }
    let new = match call.is_invoke() {
        true => b.invoke(ty, target, &args, call.normal_dest(), call.unwind_dest()),
        false => b.call(ty, target, &args),
    };
    new.set_call_conv(known.map_or(call.call_conv(), |f| f.calling_conv()));
    for i in 0..args.len() as u32 {
        for name in PASSING {
            let own = known.and_then(|f| f.attribute(AttrIndex::Param(i), name));
            let given = call.call_attribute(AttrIndex::Param(given[i as usize].0), name);
            if let Some(attribute) = own.or(given.filter(|_| known.is_none())) {
                new.add_call_attribute(AttrIndex::Param(i), attribute);
            }
        }
    }
    mark_inactive(new);
    if call.is_used() {
        let after = match call.is_invoke() {
            true => Builder::after_phis(call.normal_dest()),
            false => b,
        };
        let result = match new.ty() == call.ty() {
            true => Some(new),
            false => fit(&after, new, call.ty()),
        };
        let Some(result) = result else {
            return Err(refuse(
                call,
                format!(
                    "`__enzyme_call_inactive` returns `{}`, but the function that it calls returns `{}`",
                    call.ty(),
                    new.ty()
                ),
            ));
        };
        call.replace_all_uses_with(result);
    }
    call.erase_from_parent();
    Ok(())
}

/// `r = __enzyme_ignore_derivatives(x, …)` as `r = detach(x)`.
fn ignore_derivatives(call: Value) -> Result<(), Refusal> {
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    if call.is_used() {
        let given = (call.arg_count() > 0).then(|| call.arg(0));
        let value = given.and_then(|x| fit(&b, x, call.ty()));
        let Some(value) = value else {
            return Err(refuse(
                call,
                format!(
                    "`__enzyme_ignore_derivatives` is to return its argument, but returns `{}`",
                    call.ty()
                ),
            )
            .help("declare it with the type of the argument as its result"));
        };
        call.replace_all_uses_with(identity::of(&b, DETACH, value, &[]));
    }
    call.end_invoke();
    call.erase_from_parent();
    Ok(())
}

/// A value as another type of the same meaning: promoted arguments, integers for pointers, the same bits.
fn fit(b: &Builder, v: Value, ty: Type) -> Option<Value> {
    if v.ty() == ty {
        return Some(v);
    }
    if v.ty().is_float() && ty.is_float() {
        let double = b.context().double_type();
        return match (v.ty() == double, ty == double) {
            (true, _) if ty == b.context().float_type() => Some(b.cast(Opcode::FPTrunc, v, ty)),
            (_, true) if v.ty() == b.context().float_type() => Some(b.cast(Opcode::FPExt, v, ty)),
            _ => None,
        };
    }
    if let (Some(from), Some(to)) = (v.ty().int_width(), ty.int_width()) {
        let op = if from > to {
            Opcode::Trunc
        } else {
            Opcode::SExt
        };
        return Some(b.cast(op, v, ty));
    }
    None
}

/// What a front end marked: instructions, by metadata, and arguments, by an attribute of the call or of the callee's
/// parameter.
pub fn detach_marked(module: Module) -> bool {
    let mut changed = false;
    for i in module
        .functions()
        .into_iter()
        .flat_map(|f| f.instructions())
    {
        if is_detached(i) {
            continue;
        }
        let call = i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke);
        if call {
            changed |= detach_arguments(i);
            // Inlined, a call that carries no derivative would be a part of the function like any other.
            if i.call_attributes(AttrIndex::Function).iter().any(is_mark) {
                changed |= mark_inactive(i);
            }
        }
        if !INACTIVE_METADATA
            .iter()
            .any(|kind| i.metadata(kind).is_some())
        {
            continue;
        }
        if call {
            changed |= mark_inactive(i);
        } else if i.is_op(Opcode::Store) {
            let value = identity::of(&Builder::before(i), DETACH, i.operand(0), &[]);
            i.set_operand(0, value);
            changed = true;
        } else if !i.ty().is_void() && i.ty().is_sized() && i.is_used() {
            changed |= detach_result(i);
        }
        for kind in INACTIVE_METADATA {
            i.set_metadata(kind, None);
        }
    }
    changed
}

const INACTIVE_METADATA: [&str; 3] = [INACTIVE, "enzyme_inactive_val", "enzyme_inactive_inst"];

fn is_mark(attribute: &Attribute) -> bool {
    attribute.is_string() && attribute.name() == INACTIVE
}

/// A call that carries no derivative; false: it was marked before.
fn mark_inactive(call: Value) -> bool {
    let context = call.context();
    let own = call.call_attributes(AttrIndex::Function);
    if own.iter().any(is_mark) && own.iter().any(|a| a.name() == "noinline") {
        return false;
    }
    let inactive = Attribute::string(context, INACTIVE, "");
    call.add_call_attribute(AttrIndex::Function, inactive);
    if let Some(noinline) = Attribute::enumerated(context, "noinline", 0) {
        call.add_call_attribute(AttrIndex::Function, noinline);
    }
    true
}

fn detach_arguments(call: Value) -> bool {
    let mut changed = false;
    let callee = call.called_function();
    for k in 0..call.arg_count() {
        let at = AttrIndex::Param(k);
        let marked = call.call_attributes(at).iter().any(is_mark)
            || callee.is_some_and(|f| k < f.param_count() && f.has_attribute(at, INACTIVE));
        let arg = call.arg(k);
        if marked && !is_detached(arg) && !arg.is_constant() && arg.ty().is_sized() {
            let cut = identity::of(&Builder::before(call), DETACH, arg, &[]);
            call.set_operand(k, cut);
            changed = true;
        }
    }
    changed
}

fn detach_result(i: Value) -> bool {
    let users = i.uses();
    let b = match (i.is_op(Opcode::Phi), i.parent_block(), i.next()) {
        (true, Some(block), _) => Builder::after_phis(block),
        (false, _, Some(next)) => Builder::before(next),
        (true, None, _) | (false, _, None) => return false,
    };
    let cut = identity::of(&b, DETACH, i, &[]);
    for user in users {
        user.user.set_operand(user.operand, cut);
    }
    true
}

fn is_detached(i: Value) -> bool {
    i.is_op(Opcode::Call) && i.called_function().is_some_and(|f| is_detach(&f.name()))
}

/// What is stored in inactive variables goes without its derivative: LLVM may pass it on to loads.
pub fn detach_stores(module: Module) -> bool {
    let inactive: Vec<Value> = module
        .globals()
        .into_iter()
        .filter(|g| super::is_inactive_global(*g))
        .collect();
    if inactive.is_empty() {
        return false;
    }
    let mut changed = false;
    for i in module
        .functions()
        .into_iter()
        .flat_map(|f| f.instructions())
    {
        let into = || object(i.operand(1));
        if i.is_op(Opcode::Store)
            && i.operand(0).ty().scalar().is_float()
            && !is_detached(i.operand(0))
            && inactive.contains(&into())
        {
            let value = identity::of(&Builder::before(i), DETACH, i.operand(0), &[]);
            i.set_operand(0, value);
            changed = true;
        }
    }
    changed
}

/// What a pointer is computed from.
fn object(mut pointer: Value) -> Value {
    loop {
        pointer = pointer.strip_constant_casts();
        let step = pointer.is_instruction()
            && (pointer.is_op(Opcode::GetElementPtr) || pointer.is_op(Opcode::AddrSpaceCast));
        if !step {
            return pointer;
        }
        pointer = pointer.operand(0);
    }
}

/// Takes the detaches out again, and what marked inactive calls.
pub fn drop_detached(module: Module) {
    identity::drop(module, DETACH);
    for f in module.functions() {
        for i in f.instructions() {
            let marked = (i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke))
                && i.callee().kind() != ValueKind::InlineAsm
                && i.call_attributes(AttrIndex::Function).iter().any(is_mark);
            if marked {
                i.remove_call_attribute(AttrIndex::Function, INACTIVE);
                i.remove_call_attribute(AttrIndex::Function, "noinline");
                if i.is_op(Opcode::Call) {
                    i.set_tail_call(TailCall::None);
                }
            }
        }
    }
}
