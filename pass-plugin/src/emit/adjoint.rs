//! The adjoint of each operation, and the slots that adjoints are summed up in.

use std::rc::Rc;

use super::arith::{IrArith, result_part, strong_zero};
use super::guard::Instead;
use super::leaves::{Leaf, leaves};
use super::reverse::{Reverse, Slot, lanes_type};
use super::shadow::to_i64;
use super::{bulk, slot, words};
use crate::analysis::cells::Class;
use crate::analysis::need::float_rule;
use crate::diag::{Code, Refusal};
use crate::ir::{CallOp, Callee, CastKind, Op, ValueId};
use crate::llvm::{Builder, FastMath, Opcode, Type, Value};
use crate::rules::{self, Place};

impl Reverse<'_> {
    // ---- slots ----

    /// The slot of a value's adjoint, 0 at the start.
    fn slot(&mut self, v: ValueId) -> Result<Slot, Refusal> {
        let key = (v, self.lane);
        if let Some((place, parts)) = self.slots.get(&key) {
            return Ok((*place, parts.clone()));
        }
        let parts = Rc::new(leaves(self.facts, v)?);
        let ty = match &parts[..] {
            [Leaf { offset: 0, ty }] => *ty,
            _ => {
                let bytes = self.facts.module.abi_size(self.facts.llvm_ty(v)).max(1);
                self.facts.context().i8_type().array_of(bytes)
            }
        };
        let place = slot(self.start, ty, "adjoint");
        let b = Builder::before(
            self.start
                .terminator()
                .expect("the start block ends in a branch"),
        );
        b.store(ty.const_null(), place, 0, false);
        self.slots.insert(key, (place, parts.clone()));
        Ok((place, parts))
    }

    /// Adds to a part of a value's adjoint. The leaf may be of another value with the same bytes: where the
    /// slot's own leaves are cut differently, it is added part by part.
    pub fn add_leaf(&mut self, v: ValueId, leaf: Leaf, d: Value) -> Result<(), Refusal> {
        if !self.facts.act.is_active(v) {
            return Ok(());
        }
        let key = (v, self.lane);
        if self.local.contains(&key) && leaf.ty == self.facts.llvm_ty(v) {
            let sum = match self.local_adjoints.get(&key) {
                Some(old) => self.accumulate(*old, d),
                None => d,
            };
            self.local_adjoints.insert(key, sum);
            return Ok(());
        }
        // A part of a vector, say: from here on the value has a slot after all.
        if self.local.remove(&key)
            && let Some(so_far) = self.local_adjoints.remove(&key)
        {
            let ty = so_far.ty();
            self.add_leaf(v, Leaf { offset: 0, ty }, so_far)?;
        }
        let (place, parts) = self.slot(v)?;
        let bytes = |t: Type, this: &Self| this.facts.module.store_size(t);
        if parts
            .iter()
            .any(|p| p.offset == leaf.offset && p.ty == leaf.ty)
        {
            let at = bulk::at_offset(&self.b, place, leaf.offset);
            let old = self.b.load(leaf.ty, at, 1, false);
            let new = match leaf.ty.is_integer() {
                true => self.join_pieces(old, d)?,
                false => self.accumulate(old, d),
            };
            self.b.store(new, at, 1, false);
            return Ok(());
        }
        // Through memory: cut the incoming adjoint into the slot's own leaves.
        let size = bytes(leaf.ty, self);
        let temp = slot(self.start, leaf.ty, "cut");
        self.b.store(d, temp, 1, false);
        let mut covered = 0;
        for part in parts.iter() {
            let part_size = bytes(part.ty, self);
            if part.offset >= leaf.offset && part.offset + part_size <= leaf.offset + size {
                let from = bulk::at_offset(&self.b, temp, part.offset - leaf.offset);
                let piece = self.b.load(part.ty, from, 1, false);
                let at = bulk::at_offset(&self.b, place, part.offset);
                let old = self.b.load(part.ty, at, 1, false);
                let new = match part.ty.is_integer() {
                    true => self.join_pieces(old, piece)?,
                    false => self.accumulate(old, piece),
                };
                self.b.store(new, at, 1, false);
                covered += part_size;
            } else if leaf.ty.is_integer() || part.ty.is_integer() {
                break;
            } else if part.offset <= leaf.offset && leaf.offset + size <= part.offset + part_size {
                // One lane of a vector.
                let at = bulk::at_offset(&self.b, place, leaf.offset);
                let old = self.b.load(leaf.ty, at, 1, false);
                let new = self.accumulate(old, d);
                self.b.store(new, at, 1, false);
                covered += size;
            }
        }
        if covered != size {
            return Err(self.facts.refuse(
                v,
                Code::UnknownType,
                "floats of different widths share the bytes of a value",
            ));
        }
        Ok(())
    }

    /// Reads a value's adjoint and clears it.
    pub fn take_leaves(&mut self, v: ValueId) -> Result<Vec<(Leaf, Value)>, Refusal> {
        let key = (v, self.lane);
        if self.local.contains(&key) {
            let ty = self.facts.llvm_ty(v);
            let d = self
                .local_adjoints
                .remove(&key)
                .unwrap_or_else(|| ty.const_null());
            return Ok(vec![(Leaf { offset: 0, ty }, d)]);
        }
        let (place, parts) = self.slot(v)?;
        let mut out = Vec::new();
        for leaf in parts.iter() {
            let at = bulk::at_offset(&self.b, place, leaf.offset);
            let d = self.b.load(leaf.ty, at, 1, false);
            self.b.store(leaf.ty.const_null(), at, 1, false);
            out.push((*leaf, d));
        }
        Ok(out)
    }

    /// Adds a value of `v`'s own type to its adjoint.
    pub fn add_whole(&mut self, v: ValueId, d: Value) -> Result<(), Refusal> {
        if !self.facts.act.is_active(v) {
            return Ok(());
        }
        let parts = leaves(self.facts, v)?;
        if let [leaf @ Leaf { offset: 0, ty }] = parts[..]
            && ty == d.ty()
        {
            return self.add_leaf(v, leaf, d);
        }
        let temp = slot(self.start, d.ty(), "whole");
        self.b.store(d, temp, 1, false);
        for leaf in parts {
            let from = bulk::at_offset(&self.b, temp, leaf.offset);
            let piece = self.b.load(leaf.ty, from, 1, false);
            self.add_leaf(v, leaf, piece)?;
        }
        Ok(())
    }

    /// Reads a value's adjoint as a value of its own type, and clears it.
    fn take_whole(&mut self, v: ValueId) -> Result<Value, Refusal> {
        if self.facts.llvm_ty(v).scalar().is_float() {
            return self.take(v);
        }
        let ty = self.facts.llvm_ty(v);
        let temp = slot(self.start, ty, "whole");
        self.b.store(ty.const_null(), temp, 1, false);
        for (leaf, d) in self.take_leaves(v)? {
            let to = bulk::at_offset(&self.b, temp, leaf.offset);
            self.b.store(d, to, 1, false);
        }
        Ok(self.b.load(ty, temp, 1, false))
    }

    /// A value's adjoint as a value of its own type.
    pub fn whole(&mut self, v: ValueId) -> Result<Value, Refusal> {
        let ty = self.facts.llvm_ty(v);
        if !self.facts.act.is_active(v) {
            return Ok(ty.const_null());
        }
        let key = (v, self.lane);
        if self.local.contains(&key) {
            let so_far = self.local_adjoints.get(&key).copied();
            return Ok(so_far.unwrap_or_else(|| ty.const_null()));
        }
        let (place, _) = self.slot(v)?;
        Ok(self.b.load(ty, place, 1, false))
    }

    /// The adjoints of all lanes: one value, or an array of them.
    pub fn whole_lanes(&mut self, v: ValueId) -> Result<Value, Refusal> {
        let lanes = self.shadows.len();
        if lanes == 1 {
            self.lane = 0;
            return self.whole(v);
        }
        let ty = lanes_type(self.facts.llvm_ty(v), lanes as u32);
        let mut out = ty.poison();
        for lane in 0..lanes {
            self.lane = lane;
            let d = self.whole(v)?;
            out = self.b.insert_value(out, d, lane as u32);
        }
        Ok(out)
    }

    /// Reads the adjoint of a register that is one float or one vector of floats.
    fn take(&mut self, v: ValueId) -> Result<Value, Refusal> {
        let mut parts = self.take_leaves(v)?;
        match (parts.pop(), parts.is_empty()) {
            (Some((leaf, d)), true) if leaf.offset == 0 => Ok(d),
            _ => {
                Err(Refusal::internal("a float operation on no float").at_value(self.facts.llvm(v)))
            }
        }
    }

    fn add(&mut self, v: ValueId, d: Value) -> Result<(), Refusal> {
        let ty = d.ty();
        self.add_leaf(v, Leaf { offset: 0, ty }, d)
    }

    // ---- operations ----

    /// Writes the adjoint of an instruction that has one.
    pub fn adjoint(&mut self, v: ValueId, op: &Op) -> Result<(), Refusal> {
        match op {
            Op::FloatBin(bin, a, b) => self.by_rule(v, float_rule(*bin), &[*a, *b]),
            Op::FNeg(a) => self.by_rule(v, rules::lookup_op(rules::FloatOp::Neg), &[*a]),
            Op::Select {
                cond,
                on_true,
                on_false,
            } => {
                let c = self.primal(*cond)?;
                for (leaf, d) in self.take_leaves(v)? {
                    let zero = leaf.ty.const_null();
                    let c = self.condition_at(v, c, leaf);
                    let t = self.b.select(c, d, zero);
                    let f = self.b.select(c, zero, d);
                    self.add_leaf(*on_true, leaf, t)?;
                    self.add_leaf(*on_false, leaf, f)?;
                }
                Ok(())
            }
            Op::Cast(kind, a) => self.cast(v, *kind, *a),
            Op::Freeze(a) => {
                for (leaf, d) in self.take_leaves(v)? {
                    self.add_leaf(*a, leaf, d)?;
                }
                Ok(())
            }
            Op::IntBin(bin, a, b) if matches!(self.class_at(v, 0), Class::Piece(_)) => {
                self.piece_bits(v, *bin, *a, *b)
            }
            Op::IntBin(..) => self.bits_adjoint(v),
            Op::Load { ptr, .. } => {
                let parts = self.take_leaves(v)?;
                let bytes = self.facts.body().ty(v).bytes;
                let shadow = self.guarded_shadow(*ptr, bytes, Instead::Sink)?;
                let align = self.facts.shadow_align(v);
                let layout = self.facts.cells.memory(*ptr, Some(bytes), 1);
                let in_pieces = self.in_pieces(&layout, &[*ptr]);
                for (leaf, d) in parts {
                    if in_pieces && let Some(kind) = self.class_at(v, leaf.offset).float() {
                        let place = bulk::at_offset(&self.b, shadow, leaf.offset);
                        self.note_piece(*ptr, place, kind)?;
                    }
                    match self.class_at(v, leaf.offset) {
                        Class::Piece(kind) if kind.bytes() > self.facts.body().ty(v).bytes => {
                            self.add_piece(v, kind, shadow, d)?;
                        }
                        Class::Piece(kind) => {
                            let ty = super::leaves::float_type(self.facts.context(), kind);
                            let d = self.b.cast(Opcode::BitCast, d, ty);
                            self.add_memory(shadow, Leaf { offset: 0, ty }, d, align);
                        }
                        Class::PtrOrFloat => {
                            words::add_float(
                                &self.b,
                                d,
                                bulk::at_offset(&self.b, shadow, leaf.offset),
                            );
                        }
                        Class::Unknown
                        | Class::Int
                        | Class::Ptr
                        | Class::Float(_)
                        | Class::IntOrFloat(_)
                        | Class::Conflict => self.add_memory(shadow, leaf, d, align),
                    }
                }
                Ok(())
            }
            Op::Store { ptr, value } => self.store(v, *ptr, *value),
            Op::MemCopy { dst, src, len, .. } => {
                let layout = bulk::layout(self.facts, v, op)?;
                if !layout.any_float() {
                    return Ok(());
                }
                let d_dst = self.shadow(*dst)?;
                let d_src = match self.facts.act.is_active_memory(&self.facts.cells, *src) {
                    true => Some(self.shadow(*src)?),
                    false => None,
                };
                let len = self.primal(*len)?;
                let mut len = to_i64(&self.b, len);
                let none = len.ty().const_int(0);
                if let Some(inactive) = self.inactive(*dst, d_dst)? {
                    len = self.b.select(inactive, none, len);
                }
                if let Some(d_src) = d_src
                    && let Some(inactive) = self.inactive(*src, d_src)?
                {
                    let cleared = self.b.select(inactive, len, none);
                    bulk::zero(
                        self.facts,
                        &self.b,
                        &layout,
                        bulk::Part::Floats,
                        d_dst,
                        cleared,
                    )?;
                    len = self.b.select(inactive, none, len);
                }
                if let Some(d_src) = d_src
                    // Shadows of pointers are no adjoints, and stay.
                    && !layout.any_ptr()
                    && self.in_pieces(&layout, &[*dst, *src])
                {
                    len = self.move_pieces(&layout, *src, (d_dst, d_src), len)?;
                }
                bulk::copy_adjoint(self.facts, &self.b, &layout, d_dst, d_src, len)
            }
            Op::MemSet { dst, len, .. } => {
                let layout = bulk::layout(self.facts, v, op)?;
                if !layout.any_float() {
                    return Ok(());
                }
                let d = self.shadow(*dst)?;
                let len = self.primal(*len)?;
                let mut len = to_i64(&self.b, len);
                if let Some(inactive) = self.inactive(*dst, d)? {
                    len = self.b.select(inactive, len.ty().const_int(0), len);
                }
                if layout.any_conflict() {
                    let none = self.facts.context().i8_type().const_int(0);
                    self.b.memset(d, none, len, 1);
                    return Ok(());
                }
                bulk::zero(self.facts, &self.b, &layout, bulk::Part::Floats, d, len)
            }
            Op::ExtractValue { from, offset } => {
                for (leaf, d) in self.take_leaves(v)? {
                    self.add_leaf(
                        *from,
                        Leaf {
                            offset: leaf.offset + offset,
                            ..leaf
                        },
                        d,
                    )?;
                }
                Ok(())
            }
            Op::InsertValue {
                into,
                value,
                offset,
            } => {
                let bytes = self.facts.body().ty(*value).bytes;
                for (leaf, d) in self.take_leaves(v)? {
                    if leaf.offset >= *offset && leaf.offset < offset + bytes {
                        self.add_leaf(
                            *value,
                            Leaf {
                                offset: leaf.offset - offset,
                                ..leaf
                            },
                            d,
                        )?;
                    } else {
                        self.add_leaf(*into, leaf, d)?;
                    }
                }
                Ok(())
            }
            Op::ExtractElement { from, index } => {
                let d = self.take_whole(v)?;
                let index = self.primal(*index)?;
                let whole = self.facts.llvm_ty(*from);
                let spread = self.b.insert_element(whole.const_null(), d, index);
                self.add_whole(*from, spread)
            }
            Op::InsertElement { into, value, index } => {
                let d = self.take_whole(v)?;
                let index = self.primal(*index)?;
                let one = self.b.extract_element(d, index);
                self.add_whole(*value, one)?;
                let rest = self.b.insert_element(d, one.ty().const_null(), index);
                self.add_whole(*into, rest)
            }
            Op::Shuffle { a, b, mask } => self.shuffle(v, *a, *b, mask),
            Op::AtomicRmw { ptr, value, rmw } => self.rmw_adjoint(v, *rmw, *ptr, *value),
            Op::Call(call) => self.call(v, call),
            Op::CmpXchg { ptr, new, .. } => self.cmpxchg_adjoint(v, *ptr, *new),
            Op::Unsupported(name, _) => Err(self.unsupported(v, &format!("`{name}`"))),
            Op::Ret(_)
            | Op::Phi(_)
            | Op::ICmp(..)
            | Op::FCmp(..)
            | Op::Alloca { .. }
            | Op::Gep { .. }
            | Op::Fence
            | Op::LandingPad
            | Op::Br
            | Op::CondBr(_)
            | Op::Switch { .. }
            | Op::Dead => Ok(()),
        }
    }

    pub(super) fn unsupported(&self, v: ValueId, what: &str) -> Refusal {
        self.facts.refuse(
            v,
            Code::UnsupportedInstruction,
            format!("{what} on data that takes part in the derivative"),
        )
    }

    /// One more term of an adjoint: the terms' order is the sweep's, not the user's, so the sum may be
    /// reassociated (which lets reductions be vectorised), and the sign of a zero does not matter.
    fn accumulate(&self, sum: Value, term: Value) -> Value {
        let new = self.b.fadd(sum, term);
        if new.is_instruction() {
            new.set_fast_math(FastMath::REASSOC.union(FastMath::NSZ));
        }
        new
    }

    fn add_memory(&self, shadow: Value, leaf: Leaf, d: Value, align: u64) {
        let at = bulk::at_offset(&self.b, shadow, leaf.offset);
        let align = if leaf.offset == 0 { align } else { 1 };
        let old = self.b.load(leaf.ty, at, align, false);
        let new = self.accumulate(old, d);
        self.b.store(new, at, align, false);
    }

    /// Adds `partial · d` to each active operand.
    fn by_rule(
        &mut self,
        v: ValueId,
        rule: &'static rules::Rule,
        args: &[ValueId],
    ) -> Result<(), Refusal> {
        let d = self.take(v)?;
        self.by_rule_result(v, rule, args, 0, d)
    }

    fn by_rule_result(
        &mut self,
        v: ValueId,
        rule: &'static rules::Rule,
        args: &[ValueId],
        k: usize,
        d: Value,
    ) -> Result<(), Refusal> {
        let poison = d.ty().poison();
        let active = |i: usize, this: &Self| {
            rule.params()[i] == rules::ParamKind::Float && this.facts.act.is_active(args[i])
        };
        let mut params = vec![poison; args.len()];
        let mut results = vec![poison; rule.results().len()];
        for i in 0..rule.params().len() {
            if !active(i, self) {
                continue;
            }
            let needs = rule.partial_of(k, i).needs();
            for j in needs.params() {
                params[j] = self.primal(args[j])?;
            }
            for j in needs.results() {
                let whole = self.primal(v)?;
                results[j] = result_part(&self.b, whole, j, rule.results().len());
            }
        }
        for (i, arg) in args.iter().enumerate().take(rule.params().len()) {
            if !active(i, self) {
                continue;
            }
            let mut arith = IrArith {
                b: &self.b,
                module: self.facts.module,
                ty: d.ty(),
            };
            let term = rule
                .partial_of(k, i)
                .eval_times(&d, &params, &results, &mut arith);
            if let Some(mut term) = term {
                if self.facts.strong_zero {
                    term = strong_zero(&self.b, d, term);
                }
                self.add(*arg, term)?;
            }
        }
        Ok(())
    }

    fn cast(&mut self, v: ValueId, kind: CastKind, a: ValueId) -> Result<(), Refusal> {
        match kind {
            CastKind::FpTrunc | CastKind::FpExt => {
                let d = self.take(v)?;
                let op = if kind == CastKind::FpTrunc {
                    Opcode::FPExt
                } else {
                    Opcode::FPTrunc
                };
                let d = self.b.cast(op, d, self.facts.llvm_ty(a));
                self.add(a, d)
            }
            CastKind::Bitcast | CastKind::Trunc | CastKind::ZExt | CastKind::SExt => {
                for (leaf, d) in self.take_leaves(v)? {
                    let to = self.facts.llvm_ty(a);
                    if leaf.ty.is_integer() && to.is_integer() {
                        // Bits of a float.
                        let d = match kind {
                            CastKind::Trunc => self.b.cast(Opcode::ZExt, d, to),
                            CastKind::ZExt | CastKind::SExt => self.b.cast(Opcode::Trunc, d, to),
                            _ => d,
                        };
                        self.add_leaf(a, Leaf { offset: 0, ty: to }, d)?;
                        continue;
                    }
                    self.add_leaf(a, leaf, d)?;
                }
                Ok(())
            }
            CastKind::FpToInt | CastKind::IntToFp => self.bits_adjoint(v),
            CastKind::PtrToInt | CastKind::IntToPtr | CastKind::AddrSpace => Ok(()),
        }
    }

    /// What lives at a byte of a register.
    fn class_at(&self, v: ValueId, offset: u64) -> Class {
        let mut classes = self.facts.cells.value(v);
        classes
            .find(|(at, _)| *at == offset)
            .map_or(Class::Unknown, |(_, c)| c)
    }

    fn store(&mut self, v: ValueId, ptr: ValueId, value: ValueId) -> Result<(), Refusal> {
        let facts = self.facts;
        let bytes = facts.body().ty(value).bytes;
        let parts = if facts.act.is_active(value) {
            leaves(facts, value)?
        } else if facts.llvm_ty(value).scalar().is_float() {
            vec![Leaf {
                offset: 0,
                ty: facts.llvm_ty(value),
            }]
        } else {
            Vec::new()
        };
        // Other bytes of floats that are overwritten begin anew.
        let mut cleared: Vec<(u64, u64)> = Vec::new();
        for (at, class) in facts.cells.touched_at(ptr, bytes) {
            let end = at + class.bytes() as i64;
            let (from, to) = (at.max(0) as u64, (end.max(0) as u64).min(bytes));
            let taken = parts.iter().any(|leaf| {
                leaf.offset < to && from < leaf.offset + facts.module.store_size(leaf.ty)
            });
            if !class.may_be_float() || taken {
                continue;
            }
            match class {
                // Its size is not known: all of the scalar that is stored there.
                Class::Conflict => cleared.extend(scalar_around(facts, value, from)),
                _ => cleared.push((from, to)),
            }
        }
        if parts.is_empty() && cleared.is_empty() {
            return Ok(());
        }
        let shadow = self.guarded_shadow(ptr, bytes, Instead::Zeros)?;
        let align = self.facts.shadow_align(v);
        let mut taken = Vec::new();
        for leaf in parts {
            let at = bulk::at_offset(&self.b, shadow, leaf.offset);
            let align = if leaf.offset == 0 { align } else { 1 };
            let d = if self.class_at(value, leaf.offset) == Class::PtrOrFloat {
                let bits = words::take_float(&self.b, at);
                self.b.cast(Opcode::BitCast, bits, leaf.ty)
            } else {
                let d = self.b.load(leaf.ty, at, align, false);
                self.b.store(leaf.ty.const_null(), at, align, false);
                d
            };
            taken.push((leaf, d));
        }
        let c = facts.context();
        for (from, to) in cleared {
            let at = bulk::at_offset(&self.b, shadow, from);
            let len = c.i64_type().const_int(to - from);
            self.b.memset(at, c.i8_type().const_int(0), len, 1);
        }
        for (leaf, d) in taken {
            self.add_leaf(value, leaf, d)?;
        }
        Ok(())
    }

    fn shuffle(
        &mut self,
        v: ValueId,
        a: ValueId,
        b: ValueId,
        mask: &[Option<u32>],
    ) -> Result<(), Refusal> {
        let d = self.take_whole(v)?;
        let i32t = self.facts.context().i32_type();
        let whole = self.facts.llvm_ty(a);
        let floats = whole.scalar().is_float();
        let lanes = match whole.kind() {
            crate::llvm::TypeKind::Vector(n) => n,
            _ => return Err(self.unsupported(v, "a shuffle of scalable vectors")),
        };
        for (operand, first) in [(a, 0), (b, lanes)] {
            if !self.facts.act.is_active(operand) {
                continue;
            }
            let mut sum = whole.const_null();
            for (to, from) in mask.iter().enumerate() {
                let Some(lane) = from
                    .and_then(|m| m.checked_sub(first))
                    .filter(|l| *l < lanes)
                else {
                    continue;
                };
                let piece = self.b.extract_element(d, i32t.const_int(to as u64));
                let lane = i32t.const_int(u64::from(lane));
                if !floats {
                    let spread = self.b.insert_element(whole.const_null(), piece, lane);
                    self.add_whole(operand, spread)?;
                    continue;
                }
                let old = self.b.extract_element(sum, lane);
                let new = self.accumulate(old, piece);
                sum = self.b.insert_element(sum, new, lane);
            }
            if floats {
                self.add(operand, sum)?;
            }
        }
        Ok(())
    }

    /// The condition of a select for one leaf: where each lane has its own and a leaf is no vector, its lane's.
    fn condition_at(&self, v: ValueId, condition: Value, leaf: Leaf) -> Value {
        if !condition.ty().is_vector() || leaf.ty.is_vector() {
            return condition;
        }
        let step = self.facts.module.store_size(self.facts.llvm_ty(v).scalar());
        let lane = self
            .b
            .context()
            .const_i32((leaf.offset / step.max(1)) as i32);
        self.b.extract_element(condition, lane)
    }

    /// The adjoint of one of several results, put together from the adjoints of its floats.
    fn field_adjoint(&self, v: ValueId, parts: &[(Leaf, Value)], k: u32) -> Option<Value> {
        let whole = self.facts.llvm_ty(v);
        if whole.is_vector() {
            let (_, d) = parts.first()?;
            return Some(
                self.b
                    .extract_element(*d, self.b.context().const_i32(k as i32)),
            );
        }
        let ty = whole.member(k);
        let first = self.facts.module.field_offset(whole, k);
        let at = |offset: u64| parts.iter().find(|(leaf, _)| leaf.offset == offset);
        let crate::llvm::TypeKind::Vector(lanes) = ty.kind() else {
            return at(first).map(|(_, d)| *d);
        };
        let size = self.facts.module.store_size(ty.scalar());
        let mut out = ty.const_null();
        for lane in 0..lanes {
            let (_, d) = at(first + u64::from(lane) * size)?;
            out = self
                .b
                .insert_element(out, *d, self.b.context().const_i32(lane as i32));
        }
        Some(out)
    }

    fn call(&mut self, v: ValueId, call: &CallOp) -> Result<(), Refusal> {
        match &call.callee {
            Callee::Math(rule) => {
                let places: Vec<Place> = (0..rule.rule.results().len())
                    .map(|k| rule.place(k))
                    .collect();
                let args = &call.args[..rule.rule.params().len()];
                let parts = self.take_leaves(v)?;
                for (k, place) in places.iter().enumerate() {
                    if rule.rule.results()[k].kind != rules::ParamKind::Float {
                        continue;
                    }
                    let d = match place {
                        Place::Return => parts.first().map(|(_, d)| *d),
                        Place::Field(k) => self.field_adjoint(v, &parts, *k as u32),
                        Place::Pointer(_) => {
                            return Err(self.unsupported(
                                v,
                                "a function that returns floats through pointers",
                            ));
                        }
                    };
                    if let Some(d) = d {
                        self.by_rule_result(v, rule.rule, args, k, d)?;
                    }
                }
                Ok(())
            }
            Callee::ReduceFAdd => {
                let d = self.take(v)?;
                self.add(call.args[0], d)?;
                let vector = self.facts.llvm_ty(call.args[1]);
                if let crate::llvm::TypeKind::Vector(n) = vector.kind() {
                    let spread = self.b.splat(d, n);
                    self.add(call.args[1], spread)?;
                }
                Ok(())
            }
            Callee::Defined { .. } => {
                Err(Refusal::internal("a call was not augmented").at_value(self.facts.llvm(v)))
            }
            Callee::Inactive
            | Callee::Alloc(_)
            | Callee::Dealloc { .. }
            | Callee::Realloc { .. }
            | Callee::LifetimeStart
            | Callee::Hint => Ok(()),
            Callee::External { .. } | Callee::Indirect { .. } | Callee::InlineAsm => {
                Err(self.unsupported(v, "a call of an unknown function"))
            }
        }
    }
}

/// The bytes of the scalar of a register that holds byte `at`.
fn scalar_around(facts: &super::Facts, v: ValueId, at: u64) -> Option<(u64, u64)> {
    let body = facts.body();
    let scalars = body.types.scalars(body.value(v).ty);
    scalars
        .into_iter()
        .map(|(from, ty)| (from, from + body.types.get(ty).bytes))
        .find(|(from, to)| (*from..*to).contains(&at))
}
