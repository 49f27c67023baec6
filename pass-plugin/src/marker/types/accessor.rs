//! What a function `fn(*const Outer) -> *const Inner` tells of a layout.
//!
//! Stable Rust says of an enum's fields, or of the pointer in a `Vec`, only how to get there. Such a function is not
//! called but read: once its calls are inlined and its variables are gone, the address that it returns is that of a place
//! within its argument, or behind an address that lies in there.

use crate::llvm::{AttrIndex, Function, Linkage, Opcode, Value};
use crate::prepare::Bodies;

/// As `marker::resolve` uses; the second round has the inlined bodies.
const SIMPLIFY: &str = "sroa,early-cse,instcombine<no-verify-fixpoint>,simplifycfg,gvn,simplifycfg";
/// Calls that are inlined into a function of a record: a standard library accessor has a handful.
const CALLS: u32 = 64;

/// Where a function of a record leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// So many bytes into its argument.
    Within(u64),
    /// So many bytes behind the address that lies at a byte of its argument.
    Behind { at: u64, offset: u64 },
}

/// The place that a function returns; `None` where it isn't always the same one.
pub fn place(function: Function) -> Option<Place> {
    if function.is_declaration() || function.param_count() != 1 {
        return None;
    }
    let copy = function.clone_into("enzyme_rs.accessor").function;
    copy.set_linkage(Linkage::Internal);
    for mark in ["optnone", "noinline"] {
        copy.remove_attribute(AttrIndex::Function, mark);
    }
    let place = simplified(copy).then(|| returned(copy)).flatten();
    copy.erase();
    place
}

fn simplified(copy: Function) -> bool {
    for _ in 0..CALLS {
        let call = copy.instructions().into_iter().find_map(|i| {
            let calls = i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke);
            let callee = calls.then(|| i.called_function()).flatten()?;
            let inlinable = !callee.is_declaration() && !Bodies::default().is_recursive(callee);
            inlinable.then_some(i)
        });
        match call {
            None => break,
            Some(call) if call.inline_call().is_ok() => {}
            Some(_) => return false,
        }
    }
    copy.run_passes(SIMPLIFY).is_ok()
}

fn returned(function: Function) -> Option<Place> {
    let mut rets = function
        .instructions()
        .into_iter()
        .filter(|i| i.is_op(Opcode::Ret));
    let (Some(ret), None) = (rets.next(), rets.next()) else {
        return None;
    };
    if ret.num_operands() != 1 {
        return None;
    }
    let argument = function.param(0);
    let (base, offset) = address(function, ret.operand(0))?;
    if base == argument {
        return Some(Place::Within(offset));
    }
    if !base.is_op(Opcode::Load) {
        return None;
    }
    let (base, at) = address(function, base.operand(0))?;
    (base == argument).then_some(Place::Behind { at, offset })
}

/// A value, and how far behind it an address lies.
fn address(function: Function, mut of: Value) -> Option<(Value, u64)> {
    let mut offset: i64 = 0;
    loop {
        if of.is_op(Opcode::GetElementPtr) {
            let parts = of.gep_decompose(function.module())?;
            if !parts.terms.is_empty() {
                return None;
            }
            offset = offset.checked_add(parts.offset)?;
            of = parts.base;
        } else if of.is_op(Opcode::BitCast) || of.is_op(Opcode::Freeze) {
            of = of.operand(0);
        } else {
            return Some((of, u64::try_from(offset).ok()?));
        }
    }
}
