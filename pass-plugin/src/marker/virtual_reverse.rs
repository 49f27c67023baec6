//! `__enzyme_virtualreverse(f)`: the shadow of a function pointer, for shadow vtables and tables of functions.

use super::decode::function_of;
use super::replace::remove_with_operands;
use crate::diag::{Code, Refusal};
use crate::emit::function_shadow::function_shadow;
use crate::engine::Engine;
use crate::llvm::{Builder, Opcode, Value};

/// Puts the shadow in the place of the call.
pub fn replace(engine: &mut Engine, call: Value) -> Result<(), Refusal> {
    let f = function_of(call).map_err(|_| {
        Refusal::new(
            Code::BadMarkerCall,
            "`__enzyme_virtualreverse` needs a function that is known at compile time",
        )
        .at_value(call)
        .help("call it on the function itself, not on a variable that holds its address")
    })?;
    let shadow = function_shadow(engine, f)?;
    engine.fill_unknown()?;
    engine.keep_pending();
    let b = Builder::before(call);
    let shadow = match call.ty() {
        ty if ty.is_integer() => b.cast(Opcode::PtrToInt, shadow, ty),
        _ => shadow,
    };
    if !call.ty().is_void() {
        call.replace_all_uses_with(shadow);
    }
    call.end_invoke();
    remove_with_operands(call);
    Ok(())
}
