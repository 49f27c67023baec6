//! Makes known which function a marker call names: where it is chosen at run time, by a call for each; where it is kept in
//! a variable, by bringing the caller into SSA form; where it is a parameter, by inlining the caller into its own callers.

use super::decode::{function_of, result_memory};
use super::operands::{is_marker, kept_in};
use crate::diag::Refusal;
use crate::llvm::{AttrIndex, Builder, Function, Linkage, Opcode, Value};
use crate::prepare::Bodies;

/// Enough to see a variable's value, and what it is made of.
const INTO_SSA: &str = "sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg";

/// Returns whether the module changed, so that the marker calls must be looked for anew. A call that stays unresolved is
/// refused when it is decoded.
pub fn resolve(call: Value) -> Result<bool, Refusal> {
    let Some(caller) = call.parent_function() else {
        return Ok(false);
    };
    if function_of(call).is_ok() {
        // Templates that hand on their arguments hand on markers too.
        return Ok(forwards_markers(call, caller)
            && !Bodies::default().is_recursive(caller)
            && inline_into_callers(caller));
    }
    let operand = u32::from(result_memory(call).is_some());
    if call.arg_count() <= operand {
        return Ok(false);
    }
    let named = call.arg(operand);
    if choose(call, operand, named) {
        return Ok(true);
    }
    let named = match named.is_op(Opcode::Load) {
        true => kept_in(named.operand(0)).unwrap_or(named),
        false => named,
    };
    if named.is_argument() && !Bodies::default().is_recursive(caller) {
        return Ok(inline_into_callers(caller));
    }
    // A lambda's conversion to a function pointer is a call that returns a constant.
    if named.is_op(Opcode::Call)
        && let Some(f) = named.called_function()
        && !f.is_declaration()
        && !Bodies::default().is_recursive(f)
    {
        return Ok(named.inline_call().is_ok());
    }
    if named.is_instruction() {
        let before = caller.instructions().len();
        simplify(caller)?;
        // Only a change can bring something new: this must not go on for ever.
        return Ok(caller.instructions().len() != before);
    }
    Ok(false)
}

/// Passes skip what was compiled without optimisation, so that mark is taken off while they run.
fn simplify(f: Function) -> Result<(), Refusal> {
    let unoptimised = f.attribute(AttrIndex::Function, "optnone");
    f.remove_attribute(AttrIndex::Function, "optnone");
    let result = f.run_passes(INTO_SSA);
    if let Some(mark) = unoptimised {
        f.add_attribute(AttrIndex::Function, mark);
    }
    result.map_err(|why| Refusal::internal(&format!("simplifying the caller: {why}")))
}

/// Whether a caller of `f` passes a marker for a parameter that is an operand of `call`.
fn forwards_markers(call: Value, f: Function) -> bool {
    let operand = |v: Value| match v.is_op(Opcode::Load) {
        true => kept_in(v.operand(0)).unwrap_or(v),
        false => v,
    };
    let handed_on: Vec<u32> = call
        .args()
        .into_iter()
        .filter_map(|a| operand(a).argument_index())
        .collect();
    !handed_on.is_empty()
        && direct_calls(f).into_iter().any(|c| {
            handed_on
                .iter()
                .any(|i| *i < c.arg_count() && is_marker(c.arg(*i)))
        })
}

fn direct_calls(f: Function) -> Vec<Value> {
    f.users()
        .into_iter()
        .filter(|u| (u.is_call() || u.is_invoke()) && u.called_function() == Some(f))
        .collect()
}

/// Splits a call of `select c, f, g` into two calls.
fn choose(call: Value, operand: u32, named: Value) -> bool {
    if !named.is_op(Opcode::Select) || !call.is_op(Opcode::Call) {
        return false;
    }
    let before = call.parent_block().expect("calls have blocks");
    let rest = before.split_before(call, "chosen");
    before
        .terminator()
        .expect("the split made a branch")
        .erase_from_parent();
    let (yes, no) = (rest.insert_before("first"), rest.insert_before("second"));
    let b = Builder::at_end(before);
    b.set_debug_loc(call.debug_loc());
    b.cond_br(named.operand(0), yes, no);
    let mut results = Vec::new();
    for (block, function) in [(yes, named.operand(1)), (no, named.operand(2))] {
        let copy = call.clone_instruction();
        copy.set_operand(operand, function);
        let b = Builder::at_end(block);
        b.insert(copy);
        b.br(rest);
        results.push((copy, block));
    }
    if !call.ty().is_void() {
        let phi = Builder::before(call).phi(call.ty());
        for (result, block) in results {
            phi.add_incoming(result, block);
        }
        call.replace_all_uses_with(phi);
    }
    call.erase_from_parent();
    true
}

/// Inlines a function into all that call it directly, and removes it where nothing else can.
fn inline_into_callers(f: Function) -> bool {
    let mut changed = false;
    for call in direct_calls(f) {
        changed |= call.inline_call().is_ok();
    }
    let private = matches!(
        f.linkage(),
        Linkage::Internal | Linkage::Private | Linkage::LinkOnceAny | Linkage::LinkOnceOdr
    );
    if changed && private && f.users().is_empty() {
        f.erase();
    }
    changed
}
