//! The end of a run, when every marker call has its derivative: the tape's small functions are inlined, derivatives
//! are cleaned up and inlined into the functions that asked for them, and those are cleaned up once each.
//!
//! Not before: a derivative that is differentiated again must still have calls of the tape's functions, which the
//! engine knows, and not the pointer arithmetic inside of them.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diag::Refusal;
use crate::dump;
use crate::emit::runtime;
use crate::engine::Derivative;
use crate::llvm::{AttrIndex, Function, Opcode, Value};
use crate::prepare::indirect::is_called;

/// What derivatives are cleaned up with: adjoint slots become SSA, the copies of a sweep are merged.
const CLEAN: &str = "sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,gvn,\
    loop-simplify,lcssa,loop-mssa(licm),sroa,early-cse<memssa>,dse,adce,instcombine<no-verify-fixpoint>,simplifycfg";
/// For the functions that asked for derivatives.
const CLEAN_CALLER: &str = "sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg";
/// Callers don't grow past this many instructions: the passes behind us take longer than in proportion.
const LARGEST_CALLER: usize = 20_000;

/// Finishes these derivatives and their callers.
pub fn settle(derivatives: &[Derivative]) -> Result<(), Refusal> {
    let generated: Vec<(Function, bool)> = derivatives
        .iter()
        .flat_map(|d| {
            let whole = !matches!(d, Derivative::Split { .. });
            d.functions().into_iter().map(move |g| (g, whole))
        })
        .collect();
    let ours: FxHashSet<Function> = generated.iter().map(|(g, _)| *g).collect();
    for (g, _) in &generated {
        inline_tape(*g);
        g.run_passes(CLEAN).map_err(|why| {
            Refusal::internal(&format!("cleaning {} is not valid IR: {why}", g.name()))
        })?;
        dump::function("cleaned", *g);
    }
    let mut callers: Vec<(Function, usize)> = Vec::new();
    let mut places: FxHashMap<Function, usize> = FxHashMap::default();
    for (g, whole) in &generated {
        for call in calls_of(*g) {
            let caller = call.parent_function().filter(|c| !ours.contains(c));
            let Some(caller) = caller else { continue };
            let at = *places.entry(caller).or_insert_with(|| {
                callers.push((caller, caller.instructions().len()));
                callers.len() - 1
            });
            if *whole {
                let grown = callers[at].1 + g.instructions().len();
                if grown <= LARGEST_CALLER && call.inline_call().is_ok() {
                    callers[at].1 = grown;
                }
            }
        }
    }
    for (caller, _) in callers {
        inline_tape(caller);
        if !caller.has_attribute(AttrIndex::Function, "optnone") {
            caller
                .run_passes(CLEAN_CALLER)
                .map_err(|why| Refusal::internal(&format!("cleaning the caller: {why}")))?;
        }
    }
    for (g, _) in generated {
        if !g.as_value().is_used() {
            g.erase();
        }
    }
    Ok(())
}

fn calls_of(g: Function) -> Vec<Value> {
    let calls = |user: &Value| {
        (user.is_op(Opcode::Call) || user.is_op(Opcode::Invoke))
            && user.called_function() == Some(g)
    };
    g.users().into_iter().filter(calls).collect()
}

/// Inlines the tape's functions that are a few instructions, and those that only call a pointer.
fn inline_tape(f: Function) {
    let small = |g: Function| runtime::is_small(g) || is_called(g);
    for call in f.instructions() {
        if call.is_op(Opcode::Call) && call.called_function().is_some_and(small) {
            let _ = call.inline_call();
        }
    }
}
