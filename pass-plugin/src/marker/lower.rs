//! Puts the derivative in the place of each marker call, inner derivatives first.

use enzyme_sys::Entry;
use rustc_hash::FxHashSet;

use super::decode::{Request, decode, entry_of, function_of, result_memory};
use super::request::{Mode, RetActivity};
use crate::diag::{Code, Refusal, demangle};
use crate::engine::{Derivative, Engine};
use crate::flow::{MissingBody, Policy};
use crate::llvm::{AttrIndex, Builder, Function, Opcode, Type, Value};
use crate::prepare::isolate_invokes;

/// Lowers all marker calls of the module; returns whether anything changed.
pub fn lower_all(engine: &mut Engine, policy: Policy) -> bool {
    let mut changed = false;
    let mut deferred: FxHashSet<Value> = FxHashSet::default();
    loop {
        let calls: Vec<Value> = marker_calls(engine)
            .into_iter()
            .filter(|c| !deferred.contains(c))
            .collect();
        // A derivative of a function that itself holds marker calls comes after those.
        let ready = calls
            .iter()
            .copied()
            .find(|c| function_of(*c).map_or(true, |f| !holds_marker(f, &calls)));
        let Some(call) = ready.or(calls.first().copied()) else {
            return changed;
        };
        let Some(entry) = entry_of(call) else {
            return changed;
        };
        match lower(engine, call, entry, policy) {
            Ok(true) => changed = true,
            Ok(false) => {
                deferred.insert(call);
            }
            Err(refusal) => {
                engine.drop_pending();
                refusal.report(engine.module.context());
                become_trap(call);
                changed = true;
            }
        }
    }
}

fn marker_calls(engine: &Engine) -> Vec<Value> {
    let mut calls = Vec::new();
    for f in engine.module.functions() {
        if !f.is_declaration() || Entry::from_name(&f.name()).is_none() {
            continue;
        }
        for user in f.users() {
            if entry_of(user).is_some() && !calls.contains(&user) {
                calls.push(user);
            }
        }
    }
    calls
}

fn holds_marker(f: Function, calls: &[Value]) -> bool {
    let holders: FxHashSet<Function> = calls.iter().filter_map(|c| c.parent_function()).collect();
    let mut seen = FxHashSet::default();
    let mut work = vec![f];
    while let Some(g) = work.pop() {
        if !seen.insert(g) {
            continue;
        }
        if holders.contains(&g) {
            return true;
        }
        for i in g.instructions() {
            if i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke) {
                work.extend(i.called_function().filter(|c| !c.is_declaration()));
            }
        }
    }
    false
}

/// Lowers one call; false: it is left for a later step.
fn lower(engine: &mut Engine, call: Value, entry: Entry, policy: Policy) -> Result<bool, Refusal> {
    match entry {
        Entry::Autodiff | Entry::FwdDiff => {}
        _ => {
            return Err(Refusal::new(
                Code::BadMarkerCall,
                format!("the entry point `{}` is not supported yet", entry.name()),
            )
            .at_value(call));
        }
    }
    let function = function_of(call)?;
    if function.is_declaration() {
        return match policy.missing_body {
            MissingBody::Defer => Ok(false),
            MissingBody::Error => Err(Refusal::new(
                Code::MissingBody,
                format!(
                    "the body of `{}` is not visible here",
                    demangle(&function.name())
                ),
            )
            .at_value(call)
            .help("define it in this program, or build with link-time optimisation")),
        };
    }
    let request = decode(call, entry)?;
    let derivative = match engine.derivative(request.function, &request.sig, Some(call)) {
        Err(r) if r.code == Code::MissingBody && policy.missing_body == MissingBody::Defer => {
            engine.drop_pending();
            return Ok(false);
        }
        other => other?,
    };
    replace(&request, derivative)?;
    engine.keep_pending();
    Ok(true)
}

fn replace(request: &Request, derivative: Derivative) -> Result<(), Refusal> {
    let call = request.call;
    let (f, has_seed) = match derivative {
        Derivative::Combined { function } => (function, request.sig.ret == RetActivity::Active),
        Derivative::Forward { function } => (function, false),
        Derivative::Split { .. } => {
            return Err(Refusal::internal("a split derivative for one call"));
        }
    };
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let mut args = Vec::new();
    for (primal, shadows) in &request.args {
        args.push(*primal);
        args.extend(shadows);
    }
    if has_seed {
        let seed = ones(request.function.return_type());
        args.extend((0..request.sig.width).map(|_| seed));
    }
    if let Some(caller) = call.parent_function().filter(|_| call.is_invoke()) {
        isolate_invokes(caller);
    }
    let (new, after) = crate::emit::calls::call_instead(call, f, &args);
    let fields = wanted_fields(request, new.ty());
    let memory = result_memory(call);
    let want = memory.map_or(call.ty(), |(_, ty)| ty);
    if !want.is_void() && (call.is_used() || memory.is_some()) {
        let mut flat: Vec<Value> = Vec::new();
        for i in fields {
            flatten(&after, after.extract_value(new, i), &mut flat);
        }
        let mut from = flat.into_iter();
        let built = build(&after, want, &mut from);
        let built = built.filter(|_| from.next().is_none());
        let Some(result) = built else {
            let error = Refusal::new(
                Code::BadMarkerCall,
                format!(
                    "the marker call returns `{want}`, which does not fit the derivative of `{}`",
                    demangle(&request.function.name())
                ),
            )
            .at_value(call);
            new.replace_all_uses_with(new.ty().poison());
            if !new.is_invoke() {
                new.erase_from_parent();
            }
            return Err(error);
        };
        match memory {
            Some((to, _)) => {
                after.store(result, to, 0, false);
            }
            None => call.replace_all_uses_with(result),
        }
    }
    let caller = call.parent_function();
    remove_with_operands(call);
    if new.inline_call().is_ok()
        && let Some(caller) = caller.filter(|c| !c.has_attribute(AttrIndex::Function, "optnone"))
    {
        caller
            .run_passes("sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg")
            .map_err(|why| Refusal::internal(&format!("cleaning the caller: {why}")))?;
    }
    Ok(())
}

/// Which fields of the derivative's result the marker call returns, in order.
fn wanted_fields(request: &Request, ty: Type) -> Vec<u32> {
    let n = ty.member_count() as u32;
    let has_ret = !request.function.return_type().is_void();
    if !has_ret {
        return (0..n).collect();
    }
    let mut fields = Vec::new();
    if request.primal_return {
        fields.push(0);
    }
    let shadow_ret = match (request.sig.mode, request.sig.ret) {
        // Reverse mode returns a shadow only to callers that differentiate on.
        (Mode::ReverseCombined | Mode::ReverseSplit, RetActivity::Dup) => request.sig.width,
        _ => 0,
    };
    fields.extend(1 + shadow_ret..n);
    fields
}

fn flatten(b: &Builder, v: Value, out: &mut Vec<Value>) {
    if v.ty().is_aggregate() {
        for i in 0..v.ty().member_count() as u32 {
            flatten(b, b.extract_value(v, i), out);
        }
    } else {
        out.push(v);
    }
}

fn build(b: &Builder, ty: Type, from: &mut impl Iterator<Item = Value>) -> Option<Value> {
    if !ty.is_aggregate() {
        return from.next().filter(|v| v.ty() == ty);
    }
    let mut out = ty.poison();
    for i in 0..ty.member_count() as u32 {
        let field = build(b, ty.member(i), from)?;
        out = b.insert_value(out, field, i);
    }
    Some(out)
}

fn ones(ty: Type) -> Value {
    if ty.scalar().is_float() {
        return ty.const_f64(1.0);
    }
    if ty.is_aggregate() {
        let fields: Vec<Value> = (0..ty.member_count() as u32)
            .map(|i| ones(ty.member(i)))
            .collect();
        return match ty.kind() {
            crate::llvm::TypeKind::Array(_) => ty.element().const_array_of(&fields),
            _ if ty.struct_name().is_some() => ty.const_named_struct(&fields),
            _ => ty.context().const_struct(&fields, ty.is_packed_struct()),
        };
    }
    ty.const_null()
}

/// Removes a call and what was only there for it: at -O0 markers are loaded, and a dead load of a marker
/// would keep its symbol.
fn remove_with_operands(call: Value) {
    let operands = call.operands();
    if call.is_used() {
        call.replace_all_uses_with(call.ty().poison());
    }
    call.erase_from_parent();
    let mut work = operands;
    while let Some(v) = work.pop() {
        let dead = v.is_instruction()
            && !v.is_used()
            && (v.is_op(Opcode::Load) && !v.is_volatile()
                || v.opcode().is_some_and(|o| o.is_cast()));
        if dead && v.parent_block().is_some() {
            work.extend(v.operands());
            v.erase_from_parent();
        }
    }
}

/// After a refusal: the build fails with an error; should the object be run all the same, it stops here.
fn become_trap(call: Value) {
    let b = Builder::before(call);
    b.intrinsic("llvm.trap", &[], &[]);
    if call.is_invoke() {
        let here = call.parent_block().expect("instructions have blocks");
        let (normal, unwind) = (call.normal_dest(), call.unwind_dest());
        for phi in unwind.phis() {
            phi.remove_incoming(here);
        }
        b.br(normal);
    }
    remove_with_operands(call);
}
