//! The shadow side of the forward direction: every pointer gets a shadow pointer, allocations get shadow
//! memory, and (in forward mode) every float gets a tangent.
//!
//! A shadow is a value of the primal's own LLVM type: floats in it are tangents, pointers are shadow
//! pointers, everything else is the primal's. So whatever only moves bytes (load, phi, select, casts,
//! aggregates) is the primal's instruction again on shadow operands.

use rustc_hash::FxHashMap;

use super::bits::over_floats;
use super::bulk::{self, Part};
use super::{Copy, Facts, globals, words};
use crate::analysis::cells::Class;
use crate::diag::{Code, Refusal};
use crate::ir::{Callee, CastKind, Const, Def, Op, ValueId};
use crate::llvm::{AttrIndex, Builder, Opcode, TypeKind, Value};
use crate::marker::request::Signature;

/// Which shadows are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Forward mode: tangents and shadow pointers.
    Tangents,
    /// The forward sweep of reverse mode: shadow pointers only. Shadow floats are adjoints there and
    /// belong to the reverse sweep.
    Pointers,
}

/// Takes a derivative's parameters apart, each primal with its shadows after it: returns the primals, and gives each lane
/// its shadows.
pub fn take_params(
    facts: &Facts,
    sig: &Signature,
    lanes: &mut [Shadows],
    params: &[Value],
) -> Vec<Value> {
    let mut params = params.iter().copied();
    let mut next = || {
        params
            .next()
            .expect("a parameter for each primal and shadow")
    };
    let mut primals = Vec::new();
    for (param, activity) in facts.body().params.iter().zip(&sig.args) {
        let primal = next();
        primals.push(primal);
        for lane in lanes.iter_mut() {
            if activity.has_shadow() {
                lane.set(*param, next());
            } else if facts.has_shadow(*param) {
                // Stored beside what has a shadow. Nothing looks behind it: that is refused.
                lane.set(*param, primal);
            }
        }
    }
    primals
}

/// The shadows of one lane.
pub struct Shadows {
    pub kind: Kind,
    lane: usize,
    map: FxHashMap<ValueId, Value>,
    phis: Vec<ValueId>,
}

impl Shadows {
    pub fn new(kind: Kind, lane: usize) -> Shadows {
        Shadows {
            kind,
            lane,
            map: FxHashMap::default(),
            phis: Vec::new(),
        }
    }

    pub fn set(&mut self, v: ValueId, shadow: Value) {
        self.map.insert(v, shadow);
    }

    /// Whether `v` gets a shadow of its own.
    pub fn wants(&self, facts: &Facts, v: ValueId) -> bool {
        match self.kind {
            Kind::Pointers => facts.has_shadow(v),
            Kind::Tangents => facts.has_shadow(v) || facts.act.is_active(v),
        }
    }

    /// The shadow of `v`, at a place where `v` itself can be used.
    pub fn of(
        &self,
        facts: &Facts,
        copy: &Copy,
        b: &Builder,
        v: ValueId,
    ) -> Result<Value, Refusal> {
        if self.wants(facts, v) {
            return self.map.get(&v).copied().ok_or_else(|| {
                Refusal::internal(&format!("the shadow of {} was not made", facts.llvm(v)))
                    .at_value(facts.llvm(v))
            });
        }
        Ok(self.of_inactive(facts, copy, b, v))
    }

    /// The shadow of what carries no derivative: floats 0, everything else itself.
    fn of_inactive(&self, facts: &Facts, copy: &Copy, b: &Builder, v: ValueId) -> Value {
        let value = copy.value(facts, v);
        if self.kind == Kind::Pointers
            || matches!(facts.body().value(v).def, Def::Const(Const::Undef))
        {
            return value;
        }
        let mut floats = false;
        let mut shared = false;
        for (_, class) in facts.cells.value(v) {
            floats |= class.may_be_float() || matches!(class, Class::Piece(_));
            shared |= class == Class::PtrOrFloat;
        }
        if shared && value.ty() == b.context().i64_type() {
            let pointer = words::is_pointer(b, value);
            return b.select(pointer, value, value.ty().const_null());
        }
        if floats && value.ty().scalar().is_integer() {
            return value.ty().const_null();
        }
        without_floats(b, value)
    }

    /// Makes placeholders for phis, so that loops can refer to them, and the shadows of constant globals.
    pub fn begin(&mut self, facts: &Facts, copy: &Copy, room: globals::Room) {
        let body = facts.body();
        for v in body.value_ids() {
            if matches!(body.value(v).def, Def::Global { .. }) && self.wants(facts, v) {
                let shadow = globals::of(facts, v, self.lane);
                let shadow = shadow.unwrap_or_else(|| globals::scratch(facts, copy.start, v, room));
                self.map.insert(v, shadow);
            }
        }
        let phis: Vec<ValueId> = body
            .live_insts()
            .filter(|(_, op)| matches!(op, Op::Phi(_)))
            .map(|(v, _)| v)
            .filter(|v| self.wants(facts, *v))
            .collect();
        for v in phis {
            let primal = copy.value(facts, v);
            let shadow = Builder::before(primal).phi(primal.ty());
            shadow.set_name(&format!("{}.s", primal.name()));
            self.map.insert(v, shadow);
            self.phis.push(v);
        }
    }

    /// Fills the placeholders once all shadows exist.
    pub fn finish_phis(&self, facts: &Facts, copy: &Copy) -> Result<(), Refusal> {
        for &v in &self.phis {
            let Some(Op::Phi(incoming)) = facts.body().op(v) else {
                continue;
            };
            for (p, x) in incoming {
                let block = copy.block(facts, *p);
                let end = block.terminator().expect("blocks have terminators");
                let b = Builder::before(end);
                let shadow = if facts.body().cfg.is_live(*p) {
                    self.of(facts, copy, &b, *x)?
                } else {
                    facts.llvm_ty(v).poison()
                };
                self.map[&v].add_incoming(shadow, block);
            }
        }
        Ok(())
    }

    /// Makes the shadow of instruction `v` and does what it does on shadow memory. Calls of functions with
    /// bodies are the callers' business, and so are float operations in forward mode.
    pub fn instruction(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        op: &Op,
    ) -> Result<(), Refusal> {
        let wants = self.wants(facts, v);
        match op {
            Op::Phi(_) => {}
            Op::Alloca { size, .. } => {
                if wants {
                    self.alloca(facts, copy, v, *size)?;
                }
            }
            Op::Load { ptr, .. } => {
                if wants {
                    let shadow = self.again(facts, copy, v, &[])?;
                    shadow.strip_unknown_metadata(&[]);
                    shadow.set_alignment(facts.shadow_align(v) as u32);
                    // A pointer that is loaded from inactive memory is its own shadow, and a float's tangent is 0.
                    let pointers = facts.cells.value(v).any(|(_, c)| c.may_be_pointer());
                    if self.kind == Kind::Tangents && !pointers {
                        let bytes = facts.body().ty(v).bytes;
                        let from = shadow.operand(0);
                        let b = Builder::before(shadow);
                        let from = self.guarded(facts, copy, &b, *ptr, from, bytes);
                        shadow.set_operand(0, from);
                    } else if pointers
                        && self.kind == Kind::Tangents
                        && facts.act.is_active(v)
                        && facts.act.is_guarded(&facts.cells, *ptr)
                    {
                        return Err(facts.refuse(
                            v,
                            Code::MixedActivity,
                            "pointers and floats are loaded in one value from memory that may be inactive",
                        ));
                    }
                }
            }
            Op::Store { ptr, value } => {
                if facts.is_shadowed_memory(*ptr) {
                    self.store(facts, copy, v, *ptr, *value)?;
                }
            }
            Op::MemCopy { dst, .. } => {
                if facts.is_shadowed_memory(*dst) {
                    self.mem_copy(facts, copy, v, op)?;
                }
            }
            Op::MemSet { dst, .. } => {
                if facts.is_shadowed_memory(*dst) {
                    self.mem_set(facts, copy, v, op)?;
                }
            }
            Op::Select { cond, .. } => {
                if wants {
                    self.again(facts, copy, v, &[*cond])?;
                }
            }
            Op::ExtractElement { index, .. } | Op::InsertElement { index, .. } => {
                if wants {
                    self.again(facts, copy, v, &[*index])?;
                }
            }
            Op::Gep { indices, .. } => {
                if wants {
                    let primal: Vec<ValueId> = indices.iter().map(|(i, _)| *i).collect();
                    self.again(facts, copy, v, &primal)?;
                }
            }
            Op::Cast(
                CastKind::PtrToInt
                | CastKind::IntToPtr
                | CastKind::Bitcast
                | CastKind::AddrSpace
                | CastKind::Trunc
                | CastKind::ZExt
                | CastKind::SExt,
                _,
            )
            | Op::Freeze(_)
            | Op::IntBin(..)
            | Op::ExtractValue { .. }
            | Op::InsertValue { .. }
            | Op::Shuffle { .. } => {
                if wants {
                    self.again(facts, copy, v, &[])?;
                }
            }
            Op::AtomicRmw { ptr, value, rmw } => {
                if facts.is_shadowed_memory(*ptr) && self.kind == Kind::Tangents {
                    self.rmw(facts, copy, v, *rmw, *ptr, *value)?;
                } else if wants {
                    // Pointers change places, and so do their shadows.
                    self.again(facts, copy, v, &[])?;
                }
            }
            Op::CmpXchg { ptr, new, .. } => {
                if facts.is_shadowed_memory(*ptr) && self.kind == Kind::Tangents {
                    self.cmpxchg(facts, copy, v, *ptr, *new)?;
                } else if wants {
                    return Err(facts.refuse(
                        v,
                        Code::UnsupportedInstruction,
                        "an atomic compare-and-exchange of pointers to data that takes part in the derivative",
                    ));
                }
            }
            Op::Call(call) => match &call.callee {
                Callee::Alloc(alloc) => {
                    if wants {
                        let shadow = self.again_all_primal(facts, copy, v)?;
                        if !alloc.zeroed {
                            let b = copy.after(facts, v);
                            b.position_after(shadow);
                            let (first, second) = alloc.size_args;
                            let arg = |i: u32| copy.value(facts, call.args[i as usize]);
                            let mut bytes = to_i64(&b, arg(first));
                            if let Some(second) = second {
                                bytes = b.binary(Opcode::Mul, bytes, to_i64(&b, arg(second)));
                            }
                            let zero = b.context().i8_type().const_int(0);
                            b.memset(shadow, zero, bytes, 1);
                        }
                    }
                }
                Callee::Dealloc { ptr_arg } => {
                    let ptr = call.args[*ptr_arg as usize];
                    if self.kind == Kind::Tangents && facts.has_shadow(ptr) {
                        let b = copy.after(facts, v);
                        let mut shadow = self.of(facts, copy, &b, ptr)?;
                        if let Some(inactive) = self.inactive(facts, copy, &b, ptr, shadow) {
                            shadow = b.select(inactive, shadow.ty().const_null(), shadow);
                        }
                        let again = copy.value(facts, v).clone_instruction();
                        again.set_operand(*ptr_arg, shadow);
                        b.insert(again);
                    }
                }
                Callee::Inactive if wants && facts.llvm(v).ty().is_integer() => {
                    let b = copy.after(facts, v);
                    let shadow = self.of_integer_call(facts, copy, &b, v, call)?;
                    self.map.insert(v, shadow);
                }
                Callee::Math(_)
                | Callee::Inactive
                | Callee::Realloc { .. }
                | Callee::LifetimeStart
                | Callee::Hint
                | Callee::ReduceFAdd
                | Callee::Defined { .. }
                | Callee::External { .. }
                | Callee::Indirect { .. }
                | Callee::InlineAsm => {}
            },
            // A truth value that is counted with where addresses lie: it is its own shadow, like any number there.
            Op::ICmp(..) if wants => {
                self.map.insert(v, copy.value(facts, v));
            }
            Op::FloatBin(..)
            | Op::FNeg(_)
            | Op::ICmp(..)
            | Op::FCmp(..)
            | Op::Cast(
                CastKind::FpTrunc | CastKind::FpExt | CastKind::FpToInt | CastKind::IntToFp,
                _,
            )
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

    fn alloca(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        size: Option<u64>,
    ) -> Result<(), Refusal> {
        let primal = copy.value(facts, v);
        let shadow = primal.clone_instruction();
        let b = Builder::before(primal);
        b.position_after(primal);
        b.insert(shadow);
        shadow.set_name(&format!("{}.s", primal.name()));
        let bytes = size.ok_or_else(|| {
            facts.refuse(
                v,
                Code::UnsupportedInstruction,
                "stack memory of unknown size",
            )
        })?;
        let c = facts.context();
        let b = copy.at_start();
        b.memset(
            shadow,
            c.i8_type().const_int(0),
            c.i64_type().const_int(bytes),
            1,
        );
        self.map.insert(v, shadow);
        Ok(())
    }

    /// The instruction again, on shadow operands but for those in `primal`.
    pub fn again(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        primal: &[ValueId],
    ) -> Result<Value, Refusal> {
        let inst = copy.value(facts, v);
        let b = copy.after(facts, v);
        let clone = inst.clone_instruction();
        let template = facts.llvm(v);
        for i in 0..template.num_operands() {
            let Some(x) = facts.id(template.operand(i)) else {
                continue;
            };
            if primal.contains(&x) {
                continue;
            }
            let shadow = self.of(facts, copy, &b, x)?;
            clone.set_operand(i, shadow);
        }
        b.insert(clone);
        clone.set_name(&format!("{}.s", inst.name()));
        if !matches!(facts.body().op(v), Some(Op::Load { .. })) {
            clone.drop_poison_flags();
        }
        self.map.insert(v, clone);
        Ok(clone)
    }

    fn again_all_primal(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
    ) -> Result<Value, Refusal> {
        let inst = copy.value(facts, v);
        let b = copy.after(facts, v);
        if inst.is_op(Opcode::Invoke) {
            // Should the shadow's allocation throw where the primal's did not, the exception leaves this function at
            // once, as from a plain call.
            let call = b.call(inst.called_type(), inst.callee(), &inst.args());
            call.set_call_conv(inst.call_conv());
            self.map.insert(v, call);
            return Ok(call);
        }
        let clone = inst.clone_instruction();
        b.insert(clone);
        clone.set_name(&format!("{}.s", inst.name()));
        self.map.insert(v, clone);
        Ok(clone)
    }

    fn store(
        &mut self,
        facts: &Facts,
        copy: &Copy,
        v: ValueId,
        ptr: ValueId,
        value: ValueId,
    ) -> Result<(), Refusal> {
        let b = copy.after(facts, v);
        let to = self.of(facts, copy, &b, ptr)?;
        let to = self.guarded(facts, copy, &b, ptr, to, facts.body().ty(value).bytes);
        if self.kind == Kind::Tangents {
            let shadow = over_floats(facts, ptr, value, self.of(facts, copy, &b, value)?);
            b.store(shadow, to, facts.shadow_align(v), false);
            return Ok(());
        }
        let bytes = facts.body().ty(value).bytes;
        let over = facts.cells.touched_at(ptr, bytes);
        let shared = |c: &Class| c.may_be_pointer() && c.may_be_float();
        let pointers = facts.llvm_ty(value).scalar().is_pointer();
        if over.iter().any(|(_, c)| shared(c)) && !pointers {
            return self.store_shared(facts, &b, copy, v, value, to);
        }
        for part in pointer_parts(facts, value, ptr) {
            let whole = self.of(facts, copy, &b, value)?;
            let (shadow, offset) = match &part {
                PointerPart::Whole => (whole, 0),
                PointerPart::Field { path, offset } => {
                    let mut field = whole;
                    for i in path {
                        field = b.extract_value(field, *i);
                    }
                    (field, *offset)
                }
            };
            let at = bulk::at_offset(&b, to, offset);
            b.store(
                shadow,
                at,
                if offset == 0 {
                    facts.shadow_align(v)
                } else {
                    1
                },
                false,
            );
        }
        Ok(())
    }

    /// The forward sweep's store of something else than a pointer to where pointers and floats live in turn: a pointer
    /// that was there must not be taken for an adjoint.
    fn store_shared(
        &mut self,
        facts: &Facts,
        b: &Builder,
        copy: &Copy,
        v: ValueId,
        value: ValueId,
        to: Value,
    ) -> Result<(), Refusal> {
        let c = facts.context();
        let ty = facts.llvm_ty(value);
        let bytes = facts.body().ty(value).bytes;
        let moved = facts.cells.value(value).any(|(_, c)| c.may_be_pointer());
        let words = bytes.is_multiple_of(8).then_some(bytes / 8);
        if let Some(n) = words.filter(|_| moved && !ty.is_aggregate()) {
            let i64t = c.i64_type();
            let all = self.of(facts, copy, b, value)?;
            let all = b.cast(Opcode::BitCast, all, i64t.vector_of(n as u32));
            for k in 0..n {
                let word = b.extract_element(all, c.i32_type().const_int(k));
                words::put_pointer(b, word, bulk::at_offset(b, to, 8 * k));
            }
            return Ok(());
        }
        let own = facts.cells.target(
            match facts.body().op(v) {
                Some(Op::Store { ptr, .. }) => *ptr,
                _ => value,
            },
            0,
        );
        if let Some(n) = words.filter(|_| !moved) {
            for k in 0..n {
                words::clear_pointer(b, bulk::at_offset(b, to, 8 * k));
            }
            return Ok(());
        }
        // In memory of our own nothing else than a pointer can be there during the forward sweep.
        if !moved && own.is_some_and(|(n, _)| facts.cells.is_own(n)) {
            b.memset(
                to,
                c.i8_type().const_int(0),
                c.i64_type().const_int(bytes),
                1,
            );
            return Ok(());
        }
        if !moved && bytes < 8 {
            // The word around it: a pointer that was there is none any more.
            let i64t = c.i64_type();
            let address = b.cast(Opcode::PtrToInt, to, i64t);
            let word = b.binary(Opcode::And, address, i64t.const_int(!7));
            words::clear_pointer(b, b.cast(Opcode::IntToPtr, word, c.ptr_type()));
            return Ok(());
        }
        Err(facts
            .refuse(
                v,
                Code::UnknownType,
                "floats and pointers live in the same memory in turn",
            )
            .why("the shadow of a pointer can't be told from an adjoint there")
            .help("use separate variables for the two"))
    }

    fn mem_copy(&mut self, facts: &Facts, copy: &Copy, v: ValueId, op: &Op) -> Result<(), Refusal> {
        let Op::MemCopy { dst, src, len, .. } = op else {
            return Ok(());
        };
        let b = copy.after(facts, v);
        let to = self.of(facts, copy, &b, *dst)?;
        let src_shadowed = facts.is_shadowed_memory(*src);
        let mut length = to_i64(&b, copy.value(facts, *len));
        let none = length.ty().const_int(0);
        if let Some(inactive) = self.inactive(facts, copy, &b, *dst, to) {
            length = b.select(inactive, none, length);
        }
        if src_shadowed && self.kind == Kind::Tangents && facts.act.is_guarded(&facts.cells, *src) {
            let from = self.of(facts, copy, &b, *src)?;
            let layout = bulk::layout(facts, v, op)?;
            if layout.any_ptr() {
                return Err(facts.refuse(
                    v,
                    Code::MixedActivity,
                    "pointers are copied from memory that may be inactive",
                ));
            }
            let inactive = self
                .inactive(facts, copy, &b, *src, from)
                .expect("it is guarded");
            let zero = b.context().i8_type().const_int(0);
            b.memset(to, zero, b.select(inactive, length, none), 1);
            b.memmove(to, 1, from, 1, b.select(inactive, none, length));
            return Ok(());
        }
        if src_shadowed && self.kind == Kind::Tangents {
            let again = copy.value(facts, v).clone_instruction();
            again.set_operand(0, to);
            again.set_operand(1, self.of(facts, copy, &b, *src)?);
            again.set_operand(2, from_i64(&b, length, again.operand(2).ty()));
            on_shadows(again);
            b.insert(again);
            return Ok(());
        }
        let layout = bulk::layout(facts, v, op)?;
        let from = if src_shadowed {
            self.of(facts, copy, &b, *src)?
        } else {
            copy.value(facts, *src)
        };
        let whole = self.kind == Kind::Tangents || !layout.any_float();
        if whole && (layout.any_ptr() || self.kind == Kind::Tangents) {
            let again = copy.value(facts, v).clone_instruction();
            again.set_operand(0, to);
            again.set_operand(1, from);
            again.set_operand(2, from_i64(&b, length, again.operand(2).ty()));
            on_shadows(again);
            b.insert(again);
            if !src_shadowed && layout.any_float() {
                bulk::zero(facts, &b, &layout, Part::Floats, to, length)?;
            }
        } else if layout.any_ptr() {
            bulk::copy_pointers(facts, &b, &layout, to, from, length)?;
        }
        Ok(())
    }

    fn mem_set(&mut self, facts: &Facts, copy: &Copy, v: ValueId, op: &Op) -> Result<(), Refusal> {
        let Op::MemSet { dst, byte, len } = op else {
            return Ok(());
        };
        let b = copy.after(facts, v);
        let to = self.of(facts, copy, &b, *dst)?;
        let mut length = to_i64(&b, copy.value(facts, *len));
        if let Some(inactive) = self.inactive(facts, copy, &b, *dst, to) {
            length = b.select(inactive, length.ty().const_int(0), length);
        }
        let zero = facts.body().const_int(*byte) == Some(0);
        let layout = bulk::layout(facts, v, op)?;
        let none = b.context().i8_type().const_int(0);
        match self.kind {
            Kind::Tangents => {
                let again = copy.value(facts, v).clone_instruction();
                again.set_operand(0, to);
                again.set_operand(2, from_i64(&b, length, again.operand(2).ty()));
                if layout.any_float() {
                    again.set_operand(1, none);
                }
                on_shadows(again);
                b.insert(again);
            }
            Kind::Pointers if layout.any_conflict() && layout.any_ptr() => {
                let own = facts.cells.target(*dst, 0);
                if !own.is_some_and(|(n, _)| facts.cells.is_own(n)) {
                    return Err(facts.refuse(
                        v,
                        Code::UnknownType,
                        "memory that is used both for floats and for something else is cleared",
                    ));
                }
                b.memset(to, none, length, 1);
            }
            Kind::Pointers if layout.any_ptr() && zero => {
                bulk::zero(facts, &b, &layout, Part::Pointers, to, length)?;
            }
            Kind::Pointers => {}
        }
        Ok(())
    }
}

/// What is said of the primal's memory does not hold for shadows.
fn on_shadows(bulk: Value) {
    bulk.strip_unknown_metadata(&[]);
    for operand in 0..2 {
        bulk.remove_call_attribute(AttrIndex::Param(operand), "align");
    }
}

enum PointerPart {
    Whole,
    Field { path: Vec<u32>, offset: u64 },
}

/// The parts of a stored value that are pointers.
fn pointer_parts(facts: &Facts, value: ValueId, ptr: ValueId) -> Vec<PointerPart> {
    let ty = facts.llvm_ty(value);
    if ty.is_pointer() {
        return vec![PointerPart::Whole];
    }
    if ty.is_aggregate() {
        let mut out = Vec::new();
        pointer_fields(facts, ty, &mut Vec::new(), 0, &mut out);
        return out;
    }
    let holds_pointer = facts.cells.value(value).any(|(_, c)| c.may_be_pointer());
    let over_pointer = facts.body().is_const(value) && {
        let layout = facts
            .cells
            .memory(ptr, Some(facts.body().ty(value).bytes), 1);
        layout.any_ptr() && !layout.any_float()
    };
    if holds_pointer || over_pointer {
        vec![PointerPart::Whole]
    } else {
        Vec::new()
    }
}

fn pointer_fields(
    facts: &Facts,
    ty: crate::llvm::Type,
    path: &mut Vec<u32>,
    at: u64,
    out: &mut Vec<PointerPart>,
) {
    match ty.kind() {
        TypeKind::Pointer(_) => out.push(PointerPart::Field {
            path: path.clone(),
            offset: at,
        }),
        TypeKind::Struct => {
            for (i, field) in ty.fields().into_iter().enumerate() {
                path.push(i as u32);
                let inner = at + facts.module.field_offset(ty, i as u32);
                pointer_fields(facts, field, path, inner, out);
                path.pop();
            }
        }
        TypeKind::Array(n) => {
            let step = facts.module.abi_size(ty.element());
            for i in 0..n {
                path.push(i as u32);
                pointer_fields(facts, ty.element(), path, at + i * step, out);
                path.pop();
            }
        }
        _ => {}
    }
}

/// The value with its floats 0.
fn without_floats(b: &Builder, value: Value) -> Value {
    let ty = value.ty();
    if ty.scalar().is_float() {
        return ty.const_null();
    }
    if !ty.is_aggregate() {
        return value;
    }
    let mut out = value;
    for i in 0..ty.member_count() as u32 {
        let field = b.extract_value(value, i);
        let clean = without_floats(b, field);
        if clean != field {
            out = b.insert_value(out, clean, i);
        }
    }
    out
}

/// An i64 as another integer, which holds it.
fn from_i64(b: &Builder, n: Value, ty: crate::llvm::Type) -> Value {
    match ty.int_width() {
        Some(64) | None => n,
        Some(w) if w < 64 => b.cast(Opcode::Trunc, n, ty),
        Some(_) => b.cast(Opcode::ZExt, n, ty),
    }
}

/// An integer as an i64.
pub fn to_i64(b: &Builder, n: Value) -> Value {
    let i64t = b.context().i64_type();
    match n.ty().int_width() {
        Some(64) => n,
        Some(w) if w < 64 => b.cast(Opcode::ZExt, n, i64t),
        _ => b.cast(Opcode::Trunc, n, i64t),
    }
}
