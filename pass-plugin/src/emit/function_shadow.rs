//! The shadow of a function pointer, which `__enzyme_virtualreverse` asks for: the address of a constant pair of the
//! function's augmented forward sweep and its reverse sweep.
//!
//! Whoever has only the pair knows neither what its maker thought of the arguments nor what memory is left alone, so the
//! pair's signature follows from the function's type: pointers are duplicated, floats are active, integers constant, and
//! nothing is promised. The two functions are as in split mode: `{ tape, result, result's shadow } augmented(arena,
//! argument, its shadow, …)` and `{ adjoints of the floats } reverse(tape, seed)`. Our own derivatives have no need of
//! the pair (see `emit/indirect`): to them it is a pointer like any other.

use super::indirect::stop;
use crate::diag::{Refusal, demangle};
use crate::engine::{Derivative, Engine};
use crate::llvm::{Builder, Function, Linkage, Type, TypeKind, Value};
use crate::marker::request::{ArgActivity, Mode, RetActivity, Signature};

/// What a type says of the derivative of a value of it.
enum Kind {
    Nothing,
    Float,
    Pointer,
}

fn kind(ty: Type) -> Kind {
    match ty.kind() {
        TypeKind::Pointer(_) => Kind::Pointer,
        TypeKind::Vector(_) => kind(ty.element()),
        TypeKind::Array(n) if n > 0 => kind(ty.element()),
        TypeKind::Struct => {
            let kinds: Vec<Kind> = ty.fields().into_iter().map(kind).collect();
            if kinds.iter().any(|k| matches!(k, Kind::Pointer)) {
                Kind::Pointer
            } else if kinds.iter().any(|k| matches!(k, Kind::Float)) {
                Kind::Float
            } else {
                Kind::Nothing
            }
        }
        _ if ty.is_float() => Kind::Float,
        _ => Kind::Nothing,
    }
}

/// The signature that a function's type alone gives.
fn signature(f: Function) -> Signature {
    let args: Vec<ArgActivity> = f
        .ty()
        .params()
        .into_iter()
        .map(|ty| match kind(ty) {
            Kind::Nothing => ArgActivity::Const,
            Kind::Float => ArgActivity::Out,
            Kind::Pointer => ArgActivity::Dup {
                primal_needed: true,
            },
        })
        .collect();
    Signature {
        mode: Mode::ReverseSplit,
        width: 1,
        ret: match kind(f.return_type()) {
            Kind::Nothing => RetActivity::Const,
            Kind::Float => RetActivity::Active,
            Kind::Pointer => RetActivity::Dup,
        },
        runtime_activity: false,
        strong_zero: false,
        distinct_args: false,
        stable_args: vec![false; args.len()],
        unshadowed: Vec::new(),
        trees: vec![None; args.len()],
        args,
    }
}

/// The shadow of a function: made once. A function that can't be differentiated, such as one that stands in a vtable
/// beside others, has one that stops the program when it is called.
pub fn function_shadow(engine: &mut Engine, f: Function) -> Result<Value, Refusal> {
    let module = engine.module;
    let name = format!("enzyme_rs.shadow.{}", f.name());
    if let Some(known) = module.global(&name) {
        return Ok(known);
    }
    let sig = signature(f);
    let (augmented, reverse) = match engine.try_derivative(f, &sig) {
        Ok(Derivative::Split { augmented, reverse }) => (augmented, reverse),
        Ok(_) => return Err(Refusal::internal("a split derivative that is none")),
        Err(refusal) => {
            let name = demangle(&f.name());
            let ty = f.context().void_type().function_type(&[], false);
            let g = module.add_function(&format!("enzyme_rs.none.{}", f.name()), ty);
            g.set_linkage(Linkage::Internal);
            let b = Builder::at_end(g.append_block("entry"));
            stop(
                module,
                &b,
                &format!(
                    "the shadow of `{name}` was called, which has no derivative: {}",
                    refusal.what
                ),
            );
            (g, g)
        }
    };
    let pair = f
        .context()
        .const_struct(&[augmented.as_value(), reverse.as_value()], false);
    let global = module.add_global(&name, pair.ty());
    global.set_initializer(pair);
    global.set_constant_global(true);
    global.set_linkage(Linkage::Internal);
    Ok(global)
}
