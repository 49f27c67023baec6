//! The split entry points: `__enzyme_augmentfwd` runs the primal and leaves a tape, `__enzyme_reverse` takes it.
//!
//! What the user holds is a handle: memory of the runtime with the tape's arena and the function's frame, to which
//! everything else belongs. Memory given by `enzyme_tape` holds the handle; [`HANDLE_BYTES`] of it are used.

use enzyme_sys::Entry;

use super::decode::Request;
use super::replace::{Part, check_result, give, outs, paired_args};
use crate::analysis::summary::Summary;
use crate::diag::{Code, Refusal, demangle};
use crate::emit::runtime::Runtime;
use crate::engine::Derivative;
use crate::llvm::{Builder, Function, Module, Value};
use crate::marker::replace::remove_with_operands;
use crate::prepare::isolate_invokes;

/// Bytes that `__enzyme_augmentsize` asks for: one handle.
pub const HANDLE_BYTES: u64 = 8;

/// Replaces a call of `__enzyme_augmentfwd` or `__enzyme_reverse`.
pub fn replace(module: Module, request: &Request, derivative: Derivative) -> Result<(), Refusal> {
    let Derivative::Split { augmented, reverse } = derivative else {
        return Err(Refusal::internal("a split call without a split derivative"));
    };
    if let Some(bytes) = request.tape.allocated
        && bytes < HANDLE_BYTES
    {
        return Err(Refusal::new(
            Code::BadMarkerCall,
            format!("insufficient tape allocation: {HANDLE_BYTES} bytes are needed, {bytes} given"),
        )
        .at_value(request.call)
        .help("ask `__enzyme_augmentsize` how many bytes are needed"));
    }
    match request.entry {
        Entry::AugmentFwd => augment(module, request, augmented),
        Entry::Reverse => reverse_with_tape(module, request, reverse),
        _ => Err(Refusal::internal("no split entry point")),
    }
}

/// Whether `__enzyme_fwdsplit` may run the function again to propagate tangents: not if that reads what the first run
/// has overwritten.
pub fn check_forward(summary: Option<&Summary>, request: &Request) -> Result<(), Refusal> {
    if summary.is_some_and(|s| !s.overwrites_what_it_reads()) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::BadMarkerCall,
        format!(
            "`__enzyme_fwdsplit` of `{}`, which overwrites memory that it reads",
            demangle(&request.function.name())
        ),
    )
    .at_value(request.call)
    .why("its tape does not hold what was there before")
    .help("use `__enzyme_fwddiff`, which runs the function and its tangents together"))
}

fn builder_at(call: Value) -> Builder {
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    b
}

fn augment(module: Module, request: &Request, augmented: Function) -> Result<(), Refusal> {
    let call = request.call;
    let runtime = Runtime::get(module)?;
    let c = call.context();
    let result = augmented.return_type();
    let mut fields = Vec::new();
    if !request.function.return_type().is_void() {
        let field = |index: u32| Part::Field {
            index,
            ty: result.member(index),
        };
        if !request.noret {
            fields.push(field(1));
        }
        fields.extend((2..result.member_count() as u32).map(field));
    }
    // A placeholder of the handle's type, to see whether the result fits.
    let mut parts = Vec::new();
    if request.tape.memory.is_none() {
        parts.push(Part::Value(c.ptr_type().const_null()));
    }
    parts.append(&mut fields);
    // Who declares the call as returning the tape alone gets the tape alone.
    if call.ty().is_pointer() && request.tape.memory.is_none() {
        parts.truncate(1);
    }
    check_result(module, request, &parts)?;
    if let Some(caller) = call.parent_function().filter(|_| call.is_invoke()) {
        isolate_invokes(caller);
    }
    let b = builder_at(call);
    let handle = b.call_function(runtime.open, &[]);
    handle.set_name("tape");
    let mut args = vec![handle];
    args.extend(paired_args(request));
    let kept = crate::emit::globals::clear(module, &b, augmented);
    let (new, after) = crate::emit::calls::call_instead(call, augmented, &args);
    kept.put_on_record(&after);
    let frame = after.extract_value(new, 0);
    after.store(frame, frame_place(&after, handle), 8, false);
    if let Some(memory) = request.tape.memory {
        after.store(handle, memory, 1, false);
    } else {
        parts[0] = Part::Value(handle);
    }
    let values: Vec<Value> = parts.iter().map(|p| p.value(&after, new)).collect();
    give(module, request, &after, &values)?;
    remove_with_operands(call);
    Ok(())
}

fn reverse_with_tape(module: Module, request: &Request, reverse: Function) -> Result<(), Refusal> {
    let call = request.call;
    let c = call.context();
    let b = builder_at(call);
    let refuse = |what: String| {
        Refusal::new(
            Code::BadMarkerCall,
            format!(
                "{what}, in the reverse pass of `{}`",
                demangle(&request.function.name())
            ),
        )
        .at_value(call)
        .help("behind the arguments stand the adjoint of the result, if it is active, and the tape")
    };
    let mut extras = request.extras.iter().copied();
    let mut seeds = Vec::new();
    if request.sig.ret.is_seeded() {
        let ty = request.function.return_type();
        for _ in 0..request.sig.width {
            let given = extras
                .next()
                .ok_or_else(|| refuse("the adjoint of the result is missing".into()))?;
            let seed = super::adapt::convert(&b, module, given, ty).ok_or_else(|| {
                refuse(format!(
                    "the adjoint of the result has type `{}`, but the result is `{ty}`",
                    given.ty()
                ))
            })?;
            seeds.push(seed);
        }
    }
    let handle = match request.tape.memory {
        Some(memory) => b.load(c.ptr_type(), memory, 1, false),
        None => {
            let given = extras
                .next()
                .ok_or_else(|| refuse("the tape is missing".into()))?;
            super::adapt::convert(&b, module, given, c.ptr_type())
                .ok_or_else(|| refuse(format!("the tape has type `{}`", given.ty())))?
        }
    };
    if extras.next().is_some() {
        return Err(refuse("too many arguments".into()));
    }
    let runtime = Runtime::get(module)?;
    let parts = outs(request, reverse.return_type(), 0);
    check_result(module, request, &parts)?;
    if let Some(caller) = call.parent_function().filter(|_| call.is_invoke()) {
        isolate_invokes(caller);
    }
    let frame = b.load(c.ptr_type(), frame_place(&b, handle), 8, false);
    let mut args = vec![frame];
    args.extend(seeds);
    let (new, after) = crate::emit::calls::call_instead(call, reverse, &args);
    let values: Vec<Value> = parts.iter().map(|p| p.value(&after, new)).collect();
    give(module, request, &after, &values)?;
    if !request.tape.keep {
        after.call_function(runtime.close, &[handle]);
    }
    remove_with_operands(call);
    Ok(())
}

/// The frame stands behind the arena in the handle.
fn frame_place(b: &Builder, handle: Value) -> Value {
    let offset = b.context().i64_type().const_int(Runtime::ARENA_BYTES);
    b.ptr_add_inbounds(handle, offset)
}

/// Replaces a call of `__enzyme_augmentsize`.
pub fn replace_size(call: Value) -> Result<(), Refusal> {
    if !call.ty().is_integer() {
        return Err(Refusal::new(
            Code::BadMarkerCall,
            "`__enzyme_augmentsize` returns no integer here",
        )
        .at_value(call));
    }
    call.replace_all_uses_with(call.ty().const_int(HANDLE_BYTES));
    call.end_invoke();
    remove_with_operands(call);
    Ok(())
}
