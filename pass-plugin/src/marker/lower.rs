//! Puts the derivative in the place of each marker call, inner derivatives first.

use std::panic::{AssertUnwindSafe, catch_unwind};

use enzyme_sys::{Entry, Marker};
use rustc_hash::FxHashSet;

use super::decode::{decode, entry_of, function_of};
use super::replace::remove_with_operands;
use super::{replace, resolve, split, virtual_reverse};
use crate::diag::{Code, Refusal, demangle};
use crate::elsewhere;
use crate::engine::Engine;
use crate::entry::panic_message;
use crate::flow::{MissingBody, Phase, Policy};
use crate::llvm::{Builder, Function, Linkage, Opcode, Value};

/// Lowers all marker calls of the module; returns whether anything changed.
pub fn lower_all(engine: &mut Engine, policy: Policy) -> bool {
    let mut changed = false;
    let mut deferred: FxHashSet<Value> = FxHashSet::default();
    loop {
        let calls = inner_first(engine, &deferred);
        if calls.is_empty() {
            if deferred.is_empty() {
                changed |= define_markers(engine);
            }
            return changed;
        }
        for call in calls {
            // What a mistake in the engine left half-made must go before LLVM sees it, so a panic stops here.
            let lowered = catch_unwind(AssertUnwindSafe(|| lower(engine, call, policy)));
            let failed = |payload: Box<dyn std::any::Any + Send>| {
                Err(Refusal::internal(&panic_message(&*payload)).at_value(call))
            };
            match lowered.unwrap_or_else(failed) {
                Ok(Lowered::Done) => changed = true,
                Ok(Lowered::Later) => {
                    deferred.insert(call);
                }
                Ok(Lowered::CallsChanged) => {
                    changed = true;
                    break;
                }
                Err(_) if forget_import(engine, call) => {
                    changed = true;
                    break;
                }
                Err(refusal) => {
                    engine.drop_pending();
                    refusal.or_at_value(call).report(engine.module.context());
                    become_trap(call);
                    changed = true;
                }
            }
        }
    }
}

/// Thin LTO may import a function that asks for a derivative without all that the derivative needs; where the function is at
/// home it is differentiated, or refused. So the copy, which can only be inlined, goes; returns whether it was one.
fn forget_import(engine: &mut Engine, call: Value) -> bool {
    let Some(f) = call.parent_function() else {
        return false;
    };
    if f.linkage() != Linkage::AvailableExternally {
        return false;
    }
    engine.drop_pending();
    f.delete_body();
    true
}

/// Markers are declared and never defined. Code without optimisation keeps copies of them in variables, which are left
/// when the calls are gone: they must not fail the link.
fn define_markers(engine: &Engine) -> bool {
    let mut changed = false;
    for global in engine.module.globals() {
        let left = global.is_declaration()
            && Marker::from_name(&global.name()).is_some()
            && global.is_used();
        if left {
            global.set_initializer(global.global_value_type().const_null());
            global.set_linkage(Linkage::Internal);
            changed = true;
        }
    }
    changed
}

/// Whether the module still has calls of derivatives.
pub fn has_calls(engine: &Engine) -> bool {
    !inner_first(engine, &FxHashSet::default()).is_empty()
}

/// What memory holds is said to the analyses; nothing is put in the place of such a call.
fn is_hint(entry: Entry) -> bool {
    matches!(
        entry,
        Entry::Float | Entry::Double | Entry::Integer | Entry::Pointer
    )
}

/// Once no marker is left that could need them, the hints go from primals and derivatives alike.
pub fn erase_hints(engine: &Engine) {
    if has_calls(engine) {
        return;
    }
    for f in engine.module.functions() {
        if !f.is_declaration() || !Entry::from_name(&f.name()).is_some_and(is_hint) {
            continue;
        }
        for call in f.users() {
            let calls = call.is_op(Opcode::Call) || call.is_op(Opcode::Invoke);
            if !calls || call.called_function() != Some(f) {
                continue;
            }
            call.end_invoke();
            remove_with_operands(call);
        }
    }
}

/// The marker calls that are to be lowered, ordered such that the calls which a function reaches stand before a call
/// that differentiates it.
fn inner_first(engine: &Engine, deferred: &FxHashSet<Value>) -> Vec<Value> {
    let mut calls: FxHashSet<Value> = FxHashSet::default();
    let mut found = Vec::new();
    for f in engine.module.functions() {
        let entry = Entry::from_name(&f.name()).filter(|e| !is_hint(*e));
        if !f.is_declaration() || entry.is_none() {
            continue;
        }
        for user in f.users() {
            let ours = entry_of(user).is_some()
                && !deferred.contains(&user)
                && user
                    .parent_function()
                    .is_some_and(|caller| !engine.is_template(caller));
            if ours && calls.insert(user) {
                found.push(user);
            }
        }
    }
    // Depth first through the functions that are called or differentiated, each of them once.
    enum Step {
        Visit(Value),
        Take(Value),
        Enter(Function),
    }
    let mut work: Vec<Step> = found.into_iter().rev().map(Step::Visit).collect();
    let mut visited: FxHashSet<Value> = FxHashSet::default();
    let mut entered: FxHashSet<Function> = FxHashSet::default();
    let mut order = Vec::new();
    while let Some(step) = work.pop() {
        match step {
            Step::Visit(call) => {
                if visited.insert(call) {
                    work.push(Step::Take(call));
                    work.extend(function_of(call).ok().map(Step::Enter));
                }
            }
            Step::Take(call) => order.push(call),
            Step::Enter(f) => {
                if f.is_declaration() || !entered.insert(f) {
                    continue;
                }
                for i in f.instructions() {
                    if !(i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke)) {
                        continue;
                    }
                    if calls.contains(&i) {
                        work.push(Step::Visit(i));
                    } else {
                        work.extend(i.called_function().map(Step::Enter));
                    }
                }
            }
        }
    }
    order
}

/// What became of a marker call.
enum Lowered {
    Done,
    /// It is left for a later step of the compilation.
    Later,
    /// There are other marker calls now.
    CallsChanged,
}

/// Lowers one call.
fn lower(engine: &mut Engine, call: Value, policy: Policy) -> Result<Lowered, Refusal> {
    let entry =
        entry_of(call).ok_or_else(|| Refusal::internal("a marker call without entry point"))?;
    if policy.phase == Phase::ThinPostLink && elsewhere::is_cached() {
        return Err(Refusal::new(
            Code::LinkerCache,
            "the linker keeps a cache of thin LTO (`--thinlto-cache-dir`)",
        )
        .at_value(call)
        .why(
            "it knows neither the plugin nor all that a derivative is made of, and would serve this derivative when they have \
             changed",
        )
        .help("link without the cache"));
    }
    match entry {
        Entry::Autodiff | Entry::FwdDiff | Entry::FwdSplit | Entry::AugmentFwd | Entry::Reverse => {
        }
        Entry::AugmentSize => {
            return split::replace_size(call).map(|()| Lowered::Done);
        }
        Entry::VirtualReverse => {
            return virtual_reverse::replace(engine, call).map(|()| Lowered::Done);
        }
        Entry::ErrorEstimate
        | Entry::Batch
        | Entry::TruncateMemFunc
        | Entry::TruncateOpFunc
        | Entry::TruncateMemValue
        | Entry::ExpandMemValue
        | Entry::Likelihood
        | Entry::Trace
        | Entry::Condition
        | Entry::CallInactive
        | Entry::CallCustom
        | Entry::ToDense
        | Entry::PostSparseToDense
        | Entry::Iter
        | Entry::Float
        | Entry::Double
        | Entry::Integer
        | Entry::Pointer
        | Entry::Sample
        | Entry::Observe
        | Entry::IgnoreDerivatives
        | Entry::NewTrace
        | Entry::FreeTrace
        | Entry::GetTrace
        | Entry::GetChoice
        | Entry::InsertCall
        | Entry::InsertChoice
        | Entry::InsertArgument
        | Entry::InsertReturn
        | Entry::InsertFunction
        | Entry::InsertGradientChoice
        | Entry::InsertGradientArgument
        | Entry::HasCall
        | Entry::HasChoice => {
            return Err(Refusal::new(
                Code::BadMarkerCall,
                format!("the entry point `{}` is not supported yet", entry.name()),
            )
            .at_value(call));
        }
    }
    if resolve::resolve(call)? {
        return Ok(Lowered::CallsChanged);
    }
    let function = function_of(call)?;
    if !engine.is_known(function) && !engine.find_body(&function.name())? {
        return match policy.missing_body {
            MissingBody::Defer => Ok(Lowered::Later),
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
    if entry == Entry::FwdSplit {
        split::check_forward(engine.summary(request.function).as_deref(), &request)?;
    }
    engine.describe(request.function, &request.names);
    let derivative = loop {
        let derivative = engine.derivative(request.function, &request.sig, Some(call));
        // Before the whole program is there, not all functions that a pointer may be are.
        if engine.calls_unknown() && policy.missing_body == MissingBody::Defer {
            engine.drop_pending();
            return Ok(Lowered::Later);
        }
        let derivative = derivative.and_then(|d| engine.fill_unknown().map(|()| d));
        if !engine.begin_again() {
            break derivative;
        }
    };
    let derivative = match derivative {
        Err(r) if r.code == Code::MissingBody && policy.missing_body == MissingBody::Defer => {
            engine.drop_pending();
            return Ok(Lowered::Later);
        }
        other => other?,
    };
    match entry {
        Entry::AugmentFwd | Entry::Reverse => split::replace(engine.module, &request, derivative)?,
        _ => replace::replace(engine.module, &request, derivative)?,
    }
    engine.keep_pending();
    Ok(Lowered::Done)
}

/// After a refusal: the build fails with an error; should the object be run all the same, it stops here.
fn become_trap(call: Value) {
    Builder::before(call).intrinsic("llvm.trap", &[], &[]);
    call.end_invoke();
    remove_with_operands(call);
}
