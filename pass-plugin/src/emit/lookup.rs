//! Obtains in the reverse sweep what the plan says, in the way that the plan says.

use super::cache::{self, Key, Side};
use super::globals::{self, Room};
use super::reverse::Reverse;
use super::shadow::to_i64;
use crate::analysis::need::{Element, Need};
use crate::diag::Refusal;
use crate::ir::{Def, LoopId, Op, ValueId};
use crate::llvm::{Builder, IntPredicate, Opcode, Value};
use crate::plan::choose::{redo_operand, shadow_need};
use crate::plan::{How, Step, Storage, level};

impl Reverse<'_> {
    /// A needed value, at the reverse sweep's current position.
    pub fn lookup(&mut self, need: Need) -> Result<Value, Refusal> {
        let lane = self.lane_of(need);
        if let Some(v) = self.found.get(&(need, lane)) {
            return Ok(*v);
        }
        let how = *self.plan.how.get(&need).ok_or_else(|| {
            Refusal::internal(&format!(
                "{need:?} is not in the plan of {}",
                self.facts.body().name
            ))
        })?;
        let value = match how {
            How::Constant => self.constant(need)?,
            How::Param => self.param(need)?,
            How::Counter(l) => self.counter(l),
            How::Induction { l, start, step } => self.induction(need, l, start, step)?,
            How::Equal(other) => self.lookup(self.alike(need, other))?,
            How::Merge {
                cond,
                on_true,
                on_false,
            } => {
                let c = self.lookup(Need::Primal(cond))?;
                let t = self.lookup(self.alike(need, on_true))?;
                let f = self.lookup(self.alike(need, on_false))?;
                self.b.select(c, t, f)
            }
            How::ExitCount { count } => {
                let count = self.lookup(Need::Primal(count))?;
                to_i64(&self.b, count)
            }
            How::Side {
                cond,
                on_true,
                on_false,
            } => {
                let c = self.lookup(Need::Primal(cond))?;
                let ty = cache::need_type(self.facts, need);
                let (t, f) = (
                    ty.const_int(u64::from(on_true)),
                    ty.const_int(u64::from(on_false)),
                );
                self.b.select(c, t, f)
            }
            How::Redo => self.redo(need)?,
            How::Saved => self.saved(need)?,
        };
        self.found.insert((need, lane), value);
        Ok(value)
    }

    /// The lane that a need is told apart by: only shadows differ from lane to lane.
    fn lane_of(&self, need: Need) -> usize {
        match need {
            Need::Shadow(_) => self.lane,
            Need::Primal(_) | Need::Tape(_) | Need::Base(..) => 0,
        }
    }

    /// The primal value of an operand.
    pub fn primal(&mut self, v: ValueId) -> Result<Value, Refusal> {
        self.lookup(Need::Primal(v))
    }

    /// The shadow of a pointer operand.
    pub fn shadow(&mut self, v: ValueId) -> Result<Value, Refusal> {
        let need = shadow_need(self.facts.body(), &self.facts.cells, &self.facts.act, v);
        self.lookup(need)
    }

    fn alike(&self, need: Need, x: ValueId) -> Need {
        match need {
            Need::Shadow(_) => {
                shadow_need(self.facts.body(), &self.facts.cells, &self.facts.act, x)
            }
            Need::Primal(_) | Need::Tape(_) | Need::Base(..) => Need::Primal(x),
        }
    }

    fn constant(&mut self, need: Need) -> Result<Value, Refusal> {
        let Need::Shadow(v) = need else {
            return Ok(self.value_of(need));
        };
        if !matches!(self.facts.body().value(v).def, Def::Global { .. }) {
            return Ok(self.value_of(need));
        }
        if !self.split {
            return self.shadows[self.lane].of(self.facts, &self.fwd, &self.b, v);
        }
        let own = globals::of(self.facts, v, self.lane);
        if let Some(shadow) = own {
            return Ok(shadow);
        }
        let key = (v, self.lane);
        if !self.scratch.contains_key(&key) {
            let made = globals::scratch(self.facts, self.start, v, Room::Frame);
            self.scratch.insert(key, made);
        }
        Ok(self.scratch[&key])
    }

    fn value_of(&self, need: Need) -> Value {
        match need {
            Need::Primal(v) | Need::Shadow(v) | Need::Tape(v) => self.facts.llvm(v),
            Need::Base(..) => unreachable!("bases are no constants"),
        }
    }

    fn param(&mut self, need: Need) -> Result<Value, Refusal> {
        if self.split {
            let ty = cache::stored_type(self.facts, need);
            let kept = (need, self.lane_of(need));
            let key = Key::Need(kept.0, kept.1);
            let place = self.top.pointer(self.facts, key, ty, Side::Reverse);
            self.params_kept.insert(kept);
            return Ok(cache::get(
                &self.b,
                &self.scopes,
                cache::need_type(self.facts, need),
                place,
                1,
            ));
        }
        match need {
            Need::Primal(v) => Ok(self.fwd.value(self.facts, v)),
            Need::Shadow(v) => self.shadows[self.lane].of(self.facts, &self.fwd, &self.b, v),
            Need::Tape(_) | Need::Base(..) => unreachable!("only values are parameters"),
        }
    }

    /// The reverse loop's counter.
    pub fn counter(&mut self, l: LoopId) -> Value {
        let place = self.counter_slot(l);
        self.b
            .load(self.facts.context().i64_type(), place, 8, false)
    }

    fn induction(
        &mut self,
        need: Need,
        l: LoopId,
        start: ValueId,
        step: Step,
    ) -> Result<Value, Refusal> {
        let start = self.lookup(self.alike(need, start))?;
        let k = self.counter(l);
        let i64t = self.facts.context().i64_type();
        let ty = start.ty();
        if ty.is_pointer() {
            let by = match step {
                Step::Const(n) => i64t.const_int_signed(n),
                Step::Scaled { value, scale } => {
                    let value = self.primal(value)?;
                    let wide = signed_i64(&self.b, value);
                    self.b.mul(wide, i64t.const_int_signed(scale))
                }
            };
            let offset = self.b.mul(k, by);
            return Ok(self.b.ptr_add(start, offset));
        }
        let k = match ty.int_width() {
            Some(64) => k,
            Some(w) if w < 64 => self.b.cast(Opcode::Trunc, k, ty),
            _ => self.b.cast(Opcode::ZExt, k, ty),
        };
        let by = match step {
            Step::Const(n) => ty.const_int_signed(n),
            Step::Scaled { value, scale } => {
                let value = self.primal(value)?;
                if scale == 1 {
                    value
                } else {
                    self.b.mul(value, ty.const_int_signed(scale))
                }
            }
        };
        let offset = self.b.mul(k, by);
        Ok(self.b.add(start, offset))
    }

    fn redo(&mut self, need: Need) -> Result<Value, Refusal> {
        let v = match need {
            Need::Primal(v) | Need::Shadow(v) => v,
            Need::Tape(_) | Need::Base(..) => unreachable!("only values are redone"),
        };
        let body = self.facts.body();
        let op = body.op(v).expect("only instructions are redone");
        let template = self.facts.llvm(v);
        let mut operands = Vec::new();
        for i in 0..template.num_operands() {
            let Some(x) = self.facts.id(template.operand(i)) else {
                continue;
            };
            let inner = redo_operand(body, &self.facts.cells, &self.facts.act, need, op, x);
            let itself = match body.value(x).def {
                Def::Arg(_) | Def::Inst { .. } => false,
                // A global's shadow is another one.
                Def::Global { .. } => matches!(inner, Need::Primal(_)),
                Def::Const(_) | Def::Function { .. } => true,
            };
            if itself {
                continue;
            }
            operands.push((i, self.lookup(inner)?));
        }
        let again = template.clone_instruction();
        for (i, value) in operands {
            again.set_operand(i, value);
        }
        let keep: &[&str] = match (need, op) {
            (Need::Primal(_), Op::Load { .. }) => &["tbaa"],
            _ => &[],
        };
        again.strip_unknown_metadata(keep);
        if matches!(need, Need::Shadow(_)) && !matches!(op, Op::Load { .. }) {
            again.drop_poison_flags();
        }
        again.set_debug_loc(None);
        self.b.insert(again);
        if let Op::Load { .. } = op {
            self.scopes.is_read_again(again);
        }
        Ok(again)
    }

    fn saved(&mut self, need: Need) -> Result<Value, Refusal> {
        let ty = cache::need_type(self.facts, need);
        let at = level(self.facts.body(), &self.plan.storage, need);
        let Some(l) = at else {
            if let Some(value) = self.in_reach(need)? {
                return Ok(value);
            }
            let stored = cache::stored_type(self.facts, need);
            let key = Key::Need(need, self.lane_of(need));
            let place = self.top.pointer(self.facts, key, stored, Side::Reverse);
            let align = super::align_for(self.facts.module.abi_size(stored));
            return Ok(cache::get(&self.b, &self.scopes, ty, place, align));
        };
        let field = self.caches[&l].fields[&(need, self.lane_of(need))];
        let place = match self.caches[&l].storage.clone() {
            Storage::Flat { nest, .. } => {
                let element = Element::of(self.facts.body(), need);
                let base = self.lookup(Need::Base(l, element))?;
                let counts = self.counts(&nest)?;
                let n = cache::iterations(&self.b, &self.runtime, &counts);
                let counters: Vec<Value> = nest.iter().map(|m| self.counter(*m)).collect();
                let at = cache::linear(&self.b, &counters, &counts);
                cache::flat_address(&self.b, &field, base, n, at)
            }
            Storage::Chain => {
                let ptr = self.facts.context().ptr_type();
                let variable = self
                    .top
                    .pointer(self.facts, Key::Chain(l), ptr, Side::Reverse);
                let record = self.b.load(ptr, variable, 8, false);
                let offset = self.facts.context().i64_type().const_int(field.offset);
                self.b.ptr_add_inbounds(record, offset)
            }
        };
        Ok(cache::get(&self.b, &self.scopes, ty, place, field.align))
    }

    /// A value of the forward sweep that the whole reverse sweep, in the same function, comes after on every path: it
    /// is there without a place to keep it.
    pub fn in_reach(&self, need: Need) -> Result<Option<Value>, Refusal> {
        let (Need::Primal(v) | Need::Shadow(v) | Need::Tape(v)) = need else {
            return Ok(None);
        };
        let body = self.facts.body();
        let on_edge = matches!(body.op(v), Some(Op::Call(call)) if call.invoke.is_some());
        let (Some(block), Some(last)) = (body.block_of(v), self.plan.walk.start) else {
            return Ok(None);
        };
        if self.split || on_edge || !body.cfg.dominates(block, last) {
            return Ok(None);
        }
        Ok(Some(match need {
            Need::Shadow(_) => self.shadows[self.lane].of(self.facts, &self.fwd, &self.b, v)?,
            Need::Tape(_) => self.calls[&v].tape,
            Need::Primal(_) | Need::Base(..) => self.fwd.value(self.facts, v),
        }))
    }

    fn counts(&mut self, nest: &[LoopId]) -> Result<Vec<Value>, Refusal> {
        nest.iter()
            .map(|m| {
                let count = self.facts.body().counters[m.index()].backedge_count;
                self.primal(count.expect("flat nests have counts"))
            })
            .collect()
    }

    /// The last iteration of a chain is done: its record is dropped.
    pub fn pop_chain(&mut self, l: LoopId) {
        if self
            .caches
            .get(&l)
            .is_some_and(|c| c.storage == Storage::Chain)
        {
            let ptr = self.facts.context().ptr_type();
            let variable = self
                .top
                .pointer(self.facts, Key::Chain(l), ptr, Side::Reverse);
            let record = self.b.load(ptr, variable, 8, false);
            let previous = cache::get(&self.b, &self.scopes, ptr, record, 8);
            self.b.store(previous, variable, 8, false);
        }
    }

    /// The reverse loop runs its first iteration.
    pub fn is_first_iteration(&mut self, l: LoopId) -> Value {
        let k = self.counter(l);
        self.b.icmp(
            IntPredicate::Eq,
            k,
            self.facts.context().i64_type().const_int(0),
        )
    }
}

fn signed_i64(b: &Builder, n: Value) -> Value {
    match n.ty().int_width() {
        Some(64) => n,
        Some(w) if w < 64 => b.cast(Opcode::SExt, n, b.context().i64_type()),
        _ => b.cast(Opcode::Trunc, n, b.context().i64_type()),
    }
}
