//! Forward mode: the template's clone with a tangent beside every active value, `width` lanes of them.

use super::arith::{IrArith, result_part, strong_zero, with_result_part};
use super::bits;
use super::calls::{call_instead, callee, signature};
use super::globals::Room;
use super::shadow::{self, Kind, Shadows};
use super::unwinding::stop_where_carried;
use super::{Copy, Facts};
use crate::analysis::cells::Class;
use crate::analysis::need::{float_rule, is_active_call};
use crate::diag::{Code, Refusal};
use crate::engine::{Derivative, Engine};
use crate::ir::{Callee, CastKind, Op, ValueId};
use crate::llvm::{Builder, Function, Value};
use crate::marker::request::{Mode, RetActivity, Signature};
use crate::rules::{self, Arith, Place};

/// Declares the function of a forward-mode derivative: each parameter with its `width` tangents after it;
/// returns `{ primal, tangent, … }` without what is void or constant.
pub fn declare(engine: &Engine, f: Function, sig: &Signature) -> Derivative {
    let width = sig.width;
    let c = f.context();
    let mut params = Vec::new();
    for (p, activity) in f.params().iter().zip(&sig.args) {
        params.push(p.ty());
        if activity.has_shadow() {
            params.extend((0..width).map(|_| p.ty()));
        }
    }
    let ret = f.return_type();
    let mut fields = Vec::new();
    if !ret.is_void() {
        fields.push(ret);
        if sig.ret != RetActivity::Const {
            fields.extend((0..width).map(|_| ret));
        }
    }
    let ty = c.struct_type(&fields, false).function_type(&params, false);
    let function = engine
        .module
        .add_function(&format!("fwddiffe.{}", f.name()), ty);
    engine.dress(f, function);
    Derivative::Forward { function }
}

/// Fills the declared function.
pub fn define(
    engine: &mut Engine,
    facts: &Facts,
    template: Function,
    sig: &Signature,
    function: Function,
) -> Result<(), Refusal> {
    let params = function.params();
    let mut lanes: Vec<Shadows> = (0..sig.width)
        .map(|lane| Shadows::new(Kind::Tangents, lane as usize))
        .collect();
    let args = shadow::take_params(facts, sig, &mut lanes, &params);
    let mut copy = Copy::new(template, function, &args);
    function.clear_subprogram();
    for lane in &mut lanes {
        lane.begin(facts, &copy, Room::Module);
    }
    let insts: Vec<(ValueId, &Op)> = facts.body().live_insts().collect();
    for &(v, op) in &insts {
        if let Op::Call(call) = op
            && matches!(call.callee, Callee::Defined { .. })
            && is_active_call(&facts.cells, &facts.act, v, call)
        {
            forward_call(engine, facts, &mut copy, &mut lanes, v)?;
            continue;
        }
        for lane in &mut lanes {
            lane.instruction(facts, &copy, v, op)?;
            if facts.act.is_active(v) {
                tangent(facts, &copy, lane, v, op)?;
            }
        }
    }
    for lane in &lanes {
        lane.finish_phis(facts, &copy)?;
    }
    stop_where_carried(facts, &copy);
    for (v, op) in insts {
        if let Op::Ret(x) = op {
            let inst = copy.value(facts, v);
            let b = Builder::before(inst);
            let mut out = function.return_type().poison();
            if let Some(x) = x {
                out = b.insert_value(out, copy.value(facts, *x), 0);
                if sig.ret != RetActivity::Const {
                    for (k, lane) in lanes.iter().enumerate() {
                        let shadow = lane.of(facts, &copy, &b, *x)?;
                        out = b.insert_value(out, shadow, k as u32 + 1);
                    }
                }
            }
            b.ret(out);
            inst.erase_from_parent();
        }
    }
    Ok(())
}

fn forward_call(
    engine: &mut Engine,
    facts: &Facts,
    copy: &mut Copy,
    lanes: &mut [Shadows],
    v: ValueId,
) -> Result<(), Refusal> {
    let Some(Op::Call(call)) = facts.body().op(v) else {
        return Ok(());
    };
    let sig = signature(engine, facts, v, call, Mode::Forward)?;
    let f = callee(facts, v)?;
    let Derivative::Forward { function } = engine.derivative(f, &sig, Some(facts.llvm(v)))? else {
        return Err(Refusal::internal(
            "a forward call without a forward derivative",
        ));
    };
    let old = copy.value(facts, v);
    let b = Builder::before(old);
    let mut args = Vec::new();
    for (a, activity) in call.args.iter().zip(&sig.args) {
        args.push(copy.value(facts, *a));
        if activity.has_shadow() {
            for lane in lanes.iter() {
                args.push(lane.of(facts, copy, &b, *a)?);
            }
        }
    }
    let (new, after) = call_instead(old, function, &args);
    if !old.ty().is_void() {
        let ret = after.extract_value(new, 0);
        old.replace_all_uses_with(ret);
        copy.replace(facts, v, ret);
        if sig.ret != RetActivity::Const {
            for (k, lane) in lanes.iter_mut().enumerate() {
                lane.set(v, after.extract_value(new, k as u32 + 1));
            }
        }
    }
    old.erase_from_parent();
    Ok(())
}

/// The tangent of a float operation: `Σ partial_i · tangent_i`.
fn tangent(
    facts: &Facts,
    copy: &Copy,
    lane: &mut Shadows,
    v: ValueId,
    op: &Op,
) -> Result<(), Refusal> {
    let b = copy.after(facts, v);
    match op {
        Op::FloatBin(bin, x, y) => {
            let t = by_rule(facts, copy, lane, &b, v, float_rule(*bin), &[*x, *y], 0)?;
            lane.set(v, t);
        }
        Op::FNeg(x) => {
            let rule = rules::lookup_op(rules::FloatOp::Neg);
            let t = by_rule(facts, copy, lane, &b, v, rule, &[*x], 0)?;
            lane.set(v, t);
        }
        Op::Cast(kind @ (CastKind::FpTrunc | CastKind::FpExt), x) => {
            let t = lane.of(facts, copy, &b, *x)?;
            let opcode = match kind {
                CastKind::FpTrunc => crate::llvm::Opcode::FPTrunc,
                _ => crate::llvm::Opcode::FPExt,
            };
            let t = b.cast(opcode, t, facts.llvm_ty(v));
            lane.set(v, t);
        }
        Op::Call(call) => match &call.callee {
            Callee::Math(rule) => {
                let args = &call.args[..rule.rule.params().len()];
                let ty = facts.llvm_ty(v);
                let mut out = ty.const_null();
                for (k, result) in rule.rule.results().iter().enumerate() {
                    if result.kind != rules::ParamKind::Float {
                        continue;
                    }
                    match rule.place(k) {
                        Place::Return => {
                            out = by_rule(facts, copy, lane, &b, v, rule.rule, args, k)?;
                        }
                        Place::Field(i) => {
                            let t = by_rule(facts, copy, lane, &b, v, rule.rule, args, k)?;
                            out = with_result_part(&b, out, t, i);
                        }
                        Place::Pointer(_) => {
                            return Err(facts.refuse(
                                v,
                                Code::UnsupportedInstruction,
                                "a function that returns floats through pointers",
                            ));
                        }
                    }
                }
                lane.set(v, out);
            }
            Callee::ReduceFAdd => {
                let start = lane.of(facts, copy, &b, call.args[0])?;
                let vector = lane.of(facts, copy, &b, call.args[1])?;
                let again = copy.value(facts, v).clone_instruction();
                again.set_operand(0, start);
                again.set_operand(1, vector);
                b.insert(again);
                lane.set(v, again);
            }
            Callee::Inactive
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. }
            | Callee::LifetimeStart
            | Callee::Hint
            | Callee::Defined { .. }
            | Callee::External { .. }
            | Callee::Indirect { .. }
            | Callee::InlineAsm => {}
        },
        // Bits that are moved apart from the rest of their float were moved by the shadows.
        Op::IntBin(..)
            if facts
                .cells
                .value(v)
                .any(|(_, c)| matches!(c, Class::Piece(_))) => {}
        Op::IntBin(..) => {
            let moved = lane.of(facts, copy, &b, v)?;
            // Behind the moved bytes, which were made behind the operation.
            if moved.is_instruction() {
                b.position_after(moved);
            }
            let t = bits::tangent(facts, copy, lane, &b, v, moved)?;
            lane.set(v, t);
        }
        Op::Cast(CastKind::FpToInt | CastKind::IntToFp, _) => {
            let nothing = facts.llvm_ty(v).const_null();
            let t = bits::tangent(facts, copy, lane, &b, v, nothing)?;
            lane.set(v, t);
        }
        Op::ICmp(..)
        | Op::FCmp(..)
        | Op::Select { .. }
        | Op::Phi(_)
        | Op::Cast(..)
        | Op::Freeze(_)
        | Op::Alloca { .. }
        | Op::Load { .. }
        | Op::Store { .. }
        | Op::Gep { .. }
        | Op::MemCopy { .. }
        | Op::MemSet { .. }
        | Op::ExtractValue { .. }
        | Op::InsertValue { .. }
        | Op::ExtractElement { .. }
        | Op::InsertElement { .. }
        | Op::Shuffle { .. }
        | Op::AtomicRmw { .. }
        | Op::CmpXchg { .. }
        | Op::Fence
        | Op::LandingPad
        | Op::Br
        | Op::CondBr(_)
        | Op::Switch { .. }
        | Op::Ret(_)
        | Op::Dead
        | Op::Unsupported(..) => {}
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call's whole context, used in four places"
)]
fn by_rule(
    facts: &Facts,
    copy: &Copy,
    lane: &Shadows,
    b: &Builder,
    v: ValueId,
    rule: &'static rules::Rule,
    args: &[ValueId],
    k: usize,
) -> Result<Value, Refusal> {
    let params: Vec<Value> = args.iter().map(|a| copy.value(facts, *a)).collect();
    let primal = copy.value(facts, v);
    let count = rule.results().len();
    let results: Vec<Value> = (0..count)
        .map(|j| {
            let read = (0..rule.params().len()).any(|i| rule.partial_of(k, i).needs().result(j));
            match read {
                true => result_part(b, primal, j, count),
                false => primal,
            }
        })
        .collect();
    let ty = match primal.ty() {
        whole if whole.is_aggregate() => whole.member(k as u32),
        whole if count > 1 && whole.is_vector() => whole.scalar(),
        whole => whole,
    };
    let mut sum: Option<Value> = None;
    for (i, a) in args.iter().enumerate() {
        if rule.params()[i] != rules::ParamKind::Float || !facts.act.is_active(*a) {
            continue;
        }
        let d = lane.of(facts, copy, b, *a)?;
        let mut arith = IrArith {
            b,
            module: facts.module,
            ty,
        };
        let term = rule
            .partial_of(k, i)
            .eval_times(&d, &params, &results, &mut arith)
            .map(|term| match facts.strong_zero {
                true => strong_zero(b, d, term),
                false => term,
            });
        sum = match (sum, term) {
            (None, term) => term,
            (Some(s), Some(t)) => Some(arith.add(&s, &t)),
            (s, None) => s,
        };
    }
    Ok(sum.unwrap_or_else(|| ty.const_null()))
}
