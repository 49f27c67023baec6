//! Inlines the cone: every call with a body that is not recursive, not `noinline` by request, and not too large.
//! What stays is differentiated on its own, in split mode.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::Refusal;
use crate::ir::Callee;
use crate::ir::build::classify;
use crate::llvm::{AttrIndex, Block, Function, Opcode, Value};
use crate::prepare::indirect::is_called;
use crate::registry;

/// Callees past this many instructions stay calls, unless they are called from one place only.
const LARGE: usize = 2_000;
/// The prepared function does not grow past this many instructions.
const TOTAL: usize = 30_000;

/// Inlines into `f`, which is a clone of `original`.
pub fn inline_cone(original: Function, f: Function) -> Result<(), Refusal> {
    let mut recursive: FxHashMap<Function, bool> = FxHashMap::default();
    recursive.insert(original, true);
    let mut size = f.instructions().len();
    loop {
        let returning = returning_blocks(f);
        let calls: Vec<(Value, Function)> = f
            .instructions()
            .into_iter()
            .filter(|i| i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke))
            .filter(|i| i.parent_block().is_some_and(|b| returning.contains(&b)))
            .filter_map(|i| {
                // What throws is inlined even so where the exception is caught: how far a call came before it
                // threw can't be told from outside.
                let caught = i.is_invoke() && returning.contains(&i.unwind_dest());
                inlinable(i, original, caught, &mut recursive).map(|callee| (i, callee))
            })
            .collect();
        if calls.is_empty() {
            return Ok(());
        }
        let mut changed = false;
        for (call, callee) in calls {
            let cost = callee.instructions().len();
            if (cost > LARGE && callee.users().len() > 2) || size + cost > TOTAL {
                continue;
            }
            if call.is_op(Opcode::Call) {
                call.set_tail_call(crate::llvm::TailCall::None);
            }
            if call.inline_call().is_ok() {
                size += cost;
                changed = true;
            }
        }
        if !changed {
            return Ok(());
        }
    }
}

fn inlinable(
    call: Value,
    original: Function,
    caught: bool,
    recursive: &mut FxHashMap<Function, bool>,
) -> Option<Function> {
    let callee = call.called_function()?;
    if !matches!(classify(call), Callee::Defined { .. }) || !callee.has_exact_body() {
        return None;
    }
    if registry::is_custom(callee) || is_called(callee) {
        return None;
    }
    // An allocator that is no longer recognised, because LLVM specialised it and dropped `allocsize`, is no
    // more than the allocators that it calls.
    let allocator = callee.alloc_kind().is_some();
    // At -O0 every function is `noinline optnone`, which says nothing about this one.
    let unoptimised = callee.has_attribute(AttrIndex::Function, "optnone");
    let noinline = callee.has_attribute(AttrIndex::Function, "noinline") && !unoptimised
        || call
            .call_attributes(AttrIndex::Function)
            .iter()
            .any(|a| a.name() == "noinline");
    if (noinline && !allocator && !caught)
        || callee.has_attribute(AttrIndex::Function, "returns_twice")
        || callee == original
        || super::calls::refuse_odd(callee).is_err()
    {
        return None;
    }
    (!is_recursive(callee, recursive)).then_some(callee)
}

/// Whether a function can come to call itself through direct calls.
fn is_recursive(f: Function, known: &mut FxHashMap<Function, bool>) -> bool {
    if let Some(answer) = known.get(&f) {
        return *answer;
    }
    let mut seen = FxHashSet::default();
    let mut work = vec![f];
    let mut found = false;
    while let Some(g) = work.pop() {
        for i in g.instructions() {
            if !(i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke)) {
                continue;
            }
            let Some(callee) = i.called_function() else {
                continue;
            };
            found |= callee == f;
            if !callee.is_declaration() && seen.insert(callee) {
                work.push(callee);
            }
        }
    }
    known.insert(f, found);
    found
}

/// The blocks from which `f` can return.
pub fn returning_blocks(f: Function) -> FxHashSet<Block> {
    let mut live = FxHashSet::default();
    let mut work: Vec<Block> = f
        .blocks()
        .into_iter()
        .filter(|b| b.terminator().is_some_and(|t| t.is_op(Opcode::Ret)))
        .collect();
    while let Some(b) = work.pop() {
        if live.insert(b) {
            work.extend(b.predecessors());
        }
    }
    live
}
