//! Calls of functions that are differentiated on their own: in reverse mode an augmented call that leaves
//! a tape and a reverse call that takes it, in forward mode one call.

use super::Facts;
use super::reverse::Reverse;
use crate::analysis::need::Need;
use crate::diag::Refusal;
use crate::engine::{Derivative, Engine};
use crate::ir::{CallOp, ValueId};
use crate::llvm::{Builder, Function, Value};
use crate::marker::request::{ArgActivity, Mode, RetActivity, Signature};
use crate::prepare::indirect::is_called;

/// What the reverse sweep needs to know of an augmented call.
#[derive(Clone, Debug)]
pub struct SplitCall {
    pub tape: Value,
    reverse: Function,
    seeded: bool,
    outs: Vec<ValueId>,
}

/// The signature under which a call of a function with a body is differentiated.
pub fn signature(
    engine: &mut Engine,
    facts: &Facts,
    v: ValueId,
    call: &CallOp,
    mode: Mode,
) -> Result<Signature, Refusal> {
    let forward = matches!(mode, Mode::Forward);
    let mut args = Vec::new();
    for a in &call.args {
        let (shadow, active) = (facts.has_shadow(*a), facts.act.is_active(*a));
        args.push(match (shadow, active) {
            (true, true) if !forward => ArgActivity::DupOut,
            (true, _) => ArgActivity::Dup {
                primal_needed: true,
            },
            (false, true) if forward => ArgActivity::Dup {
                primal_needed: true,
            },
            (false, true) => ArgActivity::Out,
            (false, false) => ArgActivity::Const,
        });
    }
    let f = callee(facts, v)?;
    if is_called(f) {
        // The derivative looks at the pointer itself, whatever the memory that it came from holds beside it.
        args[0] = ArgActivity::Const;
    }
    let ret = match (facts.has_shadow(v), facts.act.is_active(v)) {
        (true, true) if !forward => RetActivity::DupActive,
        (true, _) => RetActivity::Dup,
        (false, true) => RetActivity::Active,
        (false, false) => RetActivity::Const,
    };
    // Types from here would make a derivative for each caller, so they are handed on only where they are needed.
    // Where activity is found out at run time, so is what has a shadow.
    let summary = engine.summary(f);
    // What is called with a null pointer does not write there, whatever else its body does that is called with others; and
    // the shadow of no memory is none.
    for (i, (a, activity)) in call.args.iter().zip(&mut args).enumerate() {
        let body = facts.body();
        let null = body.types.is_ptr(body.value(*a).ty) && body.const_int(*a) == Some(0);
        if null && summary.as_ref().is_some_and(|s| s.writes_behind(i)) {
            *activity = ArgActivity::Dup {
                primal_needed: true,
            };
        }
    }
    let unshadowed = match summary {
        Some(summary) if !facts.runtime_activity => summary.unshadowed(&facts.cells, &facts.act, v),
        _ => Vec::new(),
    };
    let mut trees: Vec<_> = call.args.iter().map(|a| facts.cells.tree(*a)).collect();
    if !is_called(f) && !engine.wants_types(f, &trees) {
        trees.iter_mut().for_each(|tree| *tree = None);
    }
    let stable_args = match mode {
        Mode::ReverseSplit => call
            .args
            .iter()
            .map(|a| {
                facts
                    .clobber
                    .is_kept_after(facts.body(), &facts.cells, v, *a)
            })
            .collect(),
        Mode::ReverseCombined | Mode::Forward => Vec::new(),
    };
    Ok(Signature {
        mode,
        width: facts.width,
        args,
        ret,
        runtime_activity: facts.runtime_activity
            || facts.act.reaches_guarded(&facts.cells, &call.args),
        strong_zero: facts.strong_zero,
        distinct_args: false,
        stable_args,
        unshadowed,
        trees,
    })
}

/// The function that a call calls.
pub fn callee(facts: &Facts, v: ValueId) -> Result<Function, Refusal> {
    facts
        .llvm(v)
        .called_function()
        .ok_or_else(|| Refusal::internal("a direct call without a callee").at_value(facts.llvm(v)))
}

/// Writes `call` or `invoke` of `f` in the place of `old`; returns it and a builder for what follows.
pub fn call_instead(old: Value, f: Function, args: &[Value]) -> (Value, Builder) {
    let b = Builder::before(old);
    let loc = old.debug_loc();
    b.set_debug_loc(loc);
    let new = if old.is_invoke() {
        b.invoke(
            f.ty(),
            f.as_value(),
            args,
            old.normal_dest(),
            old.unwind_dest(),
        )
    } else {
        b.call_function(f, args)
    };
    let after = Builder::new(old.context());
    if old.is_invoke() {
        // The old invoke still stands behind the new one and is removed by the caller.
        after.position_after_phis(old.normal_dest());
    } else {
        after.position_before(old);
    }
    (new, after)
}

impl Reverse<'_> {
    /// The forward sweep's call.
    pub fn augmented_call(
        &mut self,
        engine: &mut Engine,
        v: ValueId,
        call: &CallOp,
    ) -> Result<(), Refusal> {
        let facts = self.facts;
        let sig = signature(engine, facts, v, call, Mode::ReverseSplit)?;
        let f = callee(facts, v)?;
        let derivative = engine.derivative(f, &sig, Some(facts.llvm(v)))?;
        let Derivative::Split { augmented, reverse } = derivative else {
            return Err(Refusal::internal("a split call without a split derivative"));
        };
        let old = self.fwd.value(facts, v);
        let mut args = vec![self.arena()];
        let b = Builder::before(old);
        for (a, activity) in call.args.iter().zip(&sig.args) {
            args.push(self.fwd.value(facts, *a));
            if activity.has_shadow() {
                for lane in &self.shadows {
                    args.push(lane.of(facts, &self.fwd, &b, *a)?);
                }
            }
        }
        let (new, after) = call_instead(old, augmented, &args);
        let tape = after.extract_value(new, 0);
        tape.set_name("tape");
        if !old.ty().is_void() {
            let ret = after.extract_value(new, 1);
            old.replace_all_uses_with(ret);
            self.fwd.replace(facts, v, ret);
            if sig.ret.has_shadow() {
                for (k, lane) in self.shadows.iter_mut().enumerate() {
                    lane.set(v, after.extract_value(new, 2 + k as u32));
                }
            }
        }
        old.erase_from_parent();
        let outs = call
            .args
            .iter()
            .zip(&sig.args)
            .filter(|(_, a)| a.is_out())
            .map(|(v, _)| *v)
            .collect();
        let seeded = sig.ret.is_seeded();
        self.calls.insert(
            v,
            SplitCall {
                tape,
                reverse,
                seeded,
                outs,
            },
        );
        Ok(())
    }

    /// The reverse sweep's call.
    pub fn reverse_call(&mut self, v: ValueId) -> Result<(), Refusal> {
        let call = self.calls.get(&v).cloned().ok_or_else(|| {
            Refusal::internal("a call was not augmented").at_value(self.facts.llvm(v))
        })?;
        let mut args = vec![self.lookup(Need::Tape(v))?];
        let lanes = self.shadows.len();
        if call.seeded {
            for lane in 0..lanes {
                self.lane = lane;
                args.push(self.whole(v)?);
                self.take_leaves(v)?;
            }
        }
        let results = self.b.call_function(call.reverse, &args);
        for (i, x) in call.outs.iter().enumerate() {
            let d = self.b.extract_value(results, i as u32);
            for lane in 0..lanes {
                self.lane = lane;
                let d = match lanes {
                    1 => d,
                    _ => self.b.extract_value(d, lane as u32),
                };
                self.add_whole(*x, d)?;
            }
        }
        Ok(())
    }
}
