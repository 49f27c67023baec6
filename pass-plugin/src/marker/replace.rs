//! Puts a derivative in the place of a call of `__enzyme_autodiff` or `__enzyme_fwddiff`, and gives the caller its results
//! in the form that the call declares.

use super::adapt;
use super::decode::{Request, result_memory};
use super::request::{Mode, RetActivity};
use crate::diag::{Code, Refusal, demangle};
use crate::engine::Derivative;
use crate::llvm::{Builder, Module, Opcode, Type, Value};
use crate::prepare::isolate_invokes;

/// Replaces the call by one of the derivative.
pub fn replace(module: Module, request: &Request, derivative: Derivative) -> Result<(), Refusal> {
    let call = request.call;
    let (f, seeded) = match derivative {
        Derivative::Combined { function } => (function, request.sig.ret.is_seeded()),
        Derivative::Forward { function } => (function, false),
        Derivative::Split { .. } => {
            return Err(Refusal::internal("a split derivative for one call"));
        }
    };
    let mut args = paired_args(request);
    if seeded {
        let seed = adapt::ones(request.function.return_type());
        args.extend((0..request.sig.width).map(|_| seed));
    }
    let parts = combined_parts(request, f.return_type());
    check_result(module, request, &parts)?;
    if let Some(caller) = call.parent_function().filter(|_| call.is_invoke()) {
        isolate_invokes(caller);
    }
    let kept = crate::emit::globals::clear(module, &Builder::before(call), f);
    let (new, after) = crate::emit::calls::call_instead(call, f, &args);
    kept.put_on_record(&after);
    let values: Vec<Value> = parts.iter().map(|p| p.value(&after, new)).collect();
    give(module, request, &after, &values)?;
    remove_with_operands(call);
    Ok(())
}

/// Each primal with its shadows after it.
pub fn paired_args(request: &Request) -> Vec<Value> {
    let mut args = Vec::new();
    for arg in &request.args {
        args.push(arg.primal);
        args.extend(&arg.shadows);
    }
    args
}

/// One part of what the caller is given.
pub enum Part {
    /// A field of the derivative's result.
    Field { index: u32, ty: Type },
    /// What the shadows of an `enzyme_out` struct hold.
    Shadow { places: Vec<Value>, ty: Type },
    /// Not of the derivative: the handle of a tape.
    Value(Value),
}

impl Part {
    pub fn ty(&self) -> Type {
        match self {
            Part::Field { ty, .. } => *ty,
            Part::Shadow { places, ty } if places.len() == 1 => *ty,
            Part::Shadow { places, ty } => ty.array_of(places.len() as u64),
            Part::Value(v) => v.ty(),
        }
    }

    pub fn value(&self, b: &Builder, result: Value) -> Value {
        match self {
            Part::Field { index, .. } => b.extract_value(result, *index),
            Part::Shadow { places, ty } => {
                if let [place] = places[..] {
                    return b.load(*ty, place, 1, false);
                }
                let mut out = self.ty().poison();
                for (i, place) in places.iter().enumerate() {
                    let lane = b.load(*ty, *place, 1, false);
                    out = b.insert_value(out, lane, i as u32);
                }
                out
            }
            Part::Value(v) => *v,
        }
    }
}

/// The derivatives of by-value arguments, in their order; `first` is the field of the first.
pub fn outs(request: &Request, result: Type, first: u32) -> Vec<Part> {
    let mut index = first;
    let mut parts = Vec::new();
    for (arg, activity) in request.args.iter().zip(&request.sig.args) {
        if let Some(ty) = arg.returned {
            let places = arg.shadows.clone();
            parts.push(Part::Shadow { places, ty });
        } else if activity.is_out() {
            let ty = result.member(index);
            parts.push(Part::Field { index, ty });
            index += 1;
        }
    }
    parts
}

/// What the caller gets of a combined or a forward derivative, in order.
fn combined_parts(request: &Request, result: Type) -> Vec<Part> {
    let has_ret = !request.function.return_type().is_void();
    let field = |index: u32| Part::Field {
        index,
        ty: result.member(index),
    };
    let mut parts = Vec::new();
    if has_ret && request.primal_return {
        parts.push(field(0));
    }
    let first = u32::from(has_ret);
    match request.sig.mode {
        Mode::Forward => parts.extend((first..result.member_count() as u32).map(field)),
        // The shadow of a result is for callers that differentiate on.
        Mode::ReverseCombined | Mode::ReverseSplit => {
            let shadows = match request.sig.ret {
                RetActivity::Dup | RetActivity::DupActive => request.sig.width,
                RetActivity::Const | RetActivity::Active => 0,
            };
            parts.extend(outs(request, result, first + shadows));
        }
    }
    parts
}

/// The type that the caller wants, and the memory it gave for it.
fn wanted(request: &Request) -> (Type, Option<Value>) {
    let call = request.call;
    match result_memory(call) {
        Some((to, ty)) => (ty, Some(to)),
        None => (call.ty(), None),
    }
}

/// Whether the caller gives room for these results. Asked before anything is changed.
pub fn check_result(module: Module, request: &Request, parts: &[Part]) -> Result<(), Refusal> {
    let (want, memory) = wanted(request);
    let ignored = want.is_void() || (memory.is_none() && !request.call.is_used());
    let types: Vec<Type> = parts.iter().map(Part::ty).collect();
    if ignored || parts.is_empty() || adapt::fits(module, &types, want) {
        return Ok(());
    }
    let given: Vec<String> = types.iter().map(|t| format!("`{t}`")).collect();
    Err(Refusal::new(
        Code::BadMarkerCall,
        format!(
            "the marker call returns `{want}`, which does not fit the derivative of `{}`",
            demangle(&request.function.name())
        ),
    )
    .at_value(request.call)
    .note(format!("the derivative gives: {}", given.join(", "))))
}

/// Gives the caller the results. Without any, what the call returns is zero: a variadic declaration that serves other
/// calls may promise more than this function has.
pub fn give(
    module: Module,
    request: &Request,
    after: &Builder,
    values: &[Value],
) -> Result<(), Refusal> {
    let call = request.call;
    let (want, memory) = wanted(request);
    if let Some(from) = request.result_from
        && !want.is_void()
        && call.is_used()
    {
        call.replace_all_uses_with(after.load(want, from, 1, false));
        return Ok(());
    }
    if want.is_void() || (memory.is_none() && !call.is_used()) {
        return Ok(());
    }
    if values.is_empty() {
        if memory.is_none() {
            call.replace_all_uses_with(want.const_null());
        }
        return Ok(());
    }
    let result = adapt::collect(after, module, values, want)
        .ok_or_else(|| Refusal::internal("a result that was to fit does not"))?;
    match memory {
        Some(to) => {
            after.store(result, to, 1, false);
        }
        None => call.replace_all_uses_with(result),
    }
    Ok(())
}

/// Removes a call and what was only there for it: at -O0 markers are loaded, and a dead load of a marker
/// would keep its symbol.
pub fn remove_with_operands(call: Value) {
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
