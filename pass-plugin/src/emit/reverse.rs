//! Reverse mode: the forward sweep (a clone of the template that also saves and makes shadows), and the
//! reverse sweep, block by block in the order of the plan's walk. In one function, or, in split mode, in
//! two that are joined by a frame on the tape.

mod save;
mod zeroes;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cache::{self, Key, LoopCache, Side, Top};
use super::globals::Room;
use super::leaves::Leaf;
use super::runtime::{Runtime, TapeCall, tape_call};
use super::scopes::Scopes;
use super::shadow::{self, Kind, Shadows};
use super::{Copy, Facts, slot};
use crate::analysis::activity::reachable_from;
use crate::analysis::cells::NodeId;
use crate::analysis::need::{Element, Need, has_adjoint};
use crate::diag::Refusal;
use crate::engine::{Derivative, Engine, Template};
use crate::ir::{BlockId, Callee, LoopId, Op, ValueId};
use crate::llvm::{Block, Builder, Function, IntPredicate, Opcode, Type, Value};
use crate::marker::request::{Mode, RetActivity, Signature};
use crate::plan::walk::{Next, arrival, loops_left};
use crate::plan::{Plan, Storage};

/// The reverse sweep in the making.
pub struct Reverse<'a> {
    pub facts: &'a Facts,
    pub plan: &'a Plan,
    pub runtime: Runtime,
    pub scopes: Scopes,
    pub split: bool,
    pub fwd: Copy,
    /// One for each lane.
    pub shadows: Vec<Shadows>,
    /// The lane whose adjoints are being written.
    pub lane: usize,
    pub function: Function,
    pub start: Block,
    pub b: Builder,
    pub top: Top,
    pub caches: FxHashMap<LoopId, LoopCache>,
    /// What was looked up in the current block, by lane.
    pub found: FxHashMap<(Need, usize), Value>,
    /// Split mode: parameters that the frame must hold.
    pub params_kept: FxHashSet<(Need, usize)>,
    pub slots: FxHashMap<(ValueId, usize), Slot>,
    /// Values that only their own block uses, and their adjoints so far: those need no slot.
    pub local: FxHashSet<(ValueId, usize)>,
    pub local_adjoints: FxHashMap<(ValueId, usize), Value>,
    pub calls: FxHashMap<ValueId, super::calls::SplitCall>,
    /// Where each lane collects the pieces of floats of some memory.
    pub pieces: FxHashMap<(usize, Option<NodeId>), Value>,
    /// Memory in which floats may begin anywhere, once that was asked for.
    pub odd_memory: Option<FxHashSet<NodeId>>,
    /// Split mode: the reverse function's own shadows of constant globals.
    pub scratch: FxHashMap<(ValueId, usize), Value>,
    blocks: FxHashMap<BlockId, Block>,
    counters: FxHashMap<LoopId, Value>,
    arena: Option<Value>,
    end: Block,
}

/// Where an adjoint is summed up, and the parts it is summed up in.
pub type Slot = (Value, Rc<Vec<Leaf>>);

/// A phi, a lane, and its adjoint in that lane.
type PhiAdjoint = (ValueId, usize, Vec<(Leaf, Value)>);

/// What the engine hands over.
pub struct Job<'a> {
    pub facts: &'a Facts,
    pub plan: &'a Plan,
    pub template: &'a Template,
    pub sig: &'a Signature,
    pub derivative: Derivative,
}

/// The parameters of a derivative's forward side: each primal parameter with its shadow after it.
pub fn paired_params(f: Function, sig: &Signature) -> Vec<Type> {
    let mut out = Vec::new();
    for (p, activity) in f.params().iter().zip(&sig.args) {
        out.push(p.ty());
        if activity.has_shadow() {
            out.extend((0..sig.width).map(|_| p.ty()));
        }
    }
    out
}

/// What `width` lanes of a type are returned as.
pub fn lanes_type(ty: Type, width: u32) -> Type {
    match width {
        1 => ty,
        _ => ty.array_of(u64::from(width)),
    }
}

/// Declares the functions of a reverse-mode derivative.
pub fn declare(engine: &Engine, f: Function, sig: &Signature) -> Derivative {
    let c = f.context();
    let ret = f.return_type();
    let name = f.name();
    let outs: Vec<Type> = f
        .params()
        .iter()
        .zip(&sig.args)
        .filter(|(_, a)| a.is_out())
        .map(|(p, _)| lanes_type(p.ty(), sig.width))
        .collect();
    let mut params = paired_params(f, sig);
    let seeded = sig.ret.is_seeded();
    let seeds = (0..sig.width).filter(|_| seeded).map(|_| ret);
    let shadowed = (0..sig.width).filter(|_| sig.ret.has_shadow());
    let add = |name: String, ty: Type| {
        let g = engine.module.add_function(&name, ty);
        engine.dress(f, g);
        g
    };
    match sig.mode {
        Mode::ReverseCombined => {
            params.extend(seeds);
            let mut fields = Vec::new();
            if !ret.is_void() {
                fields.push(ret);
                fields.extend(shadowed.map(|_| ret));
            }
            fields.extend(outs);
            let ty = c.struct_type(&fields, false).function_type(&params, false);
            Derivative::Combined {
                function: add(format!("diffe.{name}"), ty),
            }
        }
        Mode::ReverseSplit | Mode::Forward => {
            let mut fields = vec![c.ptr_type()];
            if !ret.is_void() {
                fields.push(ret);
                fields.extend(shadowed.map(|_| ret));
            }
            params.insert(0, c.ptr_type());
            let augmented = c.struct_type(&fields, false).function_type(&params, false);
            let mut params = vec![c.ptr_type()];
            params.extend(seeds);
            let reverse = c.struct_type(&outs, false).function_type(&params, false);
            Derivative::Split {
                augmented: add(format!("augmented.{name}"), augmented),
                reverse: add(format!("reverse.{name}"), reverse),
            }
        }
    }
}

fn tape_call_of(call: Value) -> Option<TapeCall> {
    tape_call(&call.called_function()?.name())
}

/// Values whose uses are all in their own block, phis aside: the block's reverse sees all of their adjoint.
fn block_local(facts: &Facts) -> FxHashSet<(ValueId, usize)> {
    let body = facts.body();
    let mut local: FxHashSet<ValueId> = body
        .live_insts()
        .filter(|(_, op)| !matches!(op, Op::Phi(_)) && !op.is_terminator())
        .map(|(v, _)| v)
        .filter(|v| facts.llvm_ty(*v).scalar().is_float())
        .collect();
    for (user, op) in body.live_insts() {
        let here = body.block_of(user);
        let phi = matches!(op, Op::Phi(_));
        op.for_each_operand(|x| {
            if phi || body.block_of(x) != here {
                local.remove(&x);
            }
        });
    }
    let lanes = facts.width as usize;
    local
        .into_iter()
        .flat_map(|v| (0..lanes).map(move |lane| (v, lane)))
        .collect()
}

/// Fills the declared functions.
pub fn define(engine: &mut Engine, job: &Job) -> Result<(), Refusal> {
    let facts = job.facts;
    let runtime = Runtime::get(engine.module)?;
    let (forward, reverse) = match job.derivative {
        Derivative::Combined { function } => (function, None),
        Derivative::Split { augmented, reverse } => (augmented, Some(reverse)),
        Derivative::Forward { .. } => return Err(Refusal::internal("forward mode in reverse")),
    };
    let split = reverse.is_some();
    let params = forward.params();
    let width = facts.width as usize;
    let mut shadows: Vec<Shadows> = (0..width)
        .map(|lane| Shadows::new(Kind::Pointers, lane))
        .collect();
    let paired = &params[usize::from(split)..];
    let args = shadow::take_params(facts, job.sig, &mut shadows, paired);
    let fwd = Copy::new(job.template.prepared.function, forward, &args);
    forward.clear_subprogram();
    let (function, start, arena) = match reverse {
        None => (forward, fwd.start, None),
        Some(g) => (g, g.append_block("start"), Some(params[0])),
    };
    let end = function.append_block("reverse.end");
    let begin = function.append_block("reverse");
    if split {
        Builder::at_end(start).br(begin);
    }
    let (top, frame) = match reverse {
        None => (Top::combined(start), None),
        Some(g) => {
            let (top, frame) = Top::split(&fwd, &runtime, params[0], start, g.param(0));
            (top, Some(frame))
        }
    };
    let seeds = match job.sig.ret {
        RetActivity::Active | RetActivity::DupActive => {
            let mut params = function.params();
            params.split_off(params.len() - width)
        }
        RetActivity::Const | RetActivity::Dup => Vec::new(),
    };
    let mut this = Reverse {
        facts,
        plan: job.plan,
        runtime,
        scopes: Scopes::new(facts),
        split,
        fwd,
        shadows,
        lane: 0,
        function,
        start,
        b: Builder::at_end(begin),
        top,
        caches: FxHashMap::default(),
        found: FxHashMap::default(),
        params_kept: FxHashSet::default(),
        slots: FxHashMap::default(),
        local: block_local(facts),
        local_adjoints: FxHashMap::default(),
        calls: FxHashMap::default(),
        pieces: FxHashMap::default(),
        odd_memory: None,
        scratch: FxHashMap::default(),
        blocks: FxHashMap::default(),
        counters: FxHashMap::default(),
        arena,
        end,
    };
    for l in job.plan.storage.keys() {
        let cache = cache::lay_out(facts, job.plan, *l);
        this.caches.insert(*l, cache);
    }
    if split {
        this.keep_stack_memory()?;
    }
    this.forward_sweep(engine)?;
    this.defer_frees()?;
    this.leave_forward(job, frame)?;
    let forward_blocks: FxHashSet<Block> = forward.blocks().into_iter().collect();
    this.reverse_sweep(&seeds)?;
    let mut reverse_blocks = function.blocks();
    reverse_blocks.retain(|b| !forward_blocks.contains(b));
    this.scopes.adjoints_in(&reverse_blocks);
    this.save_values()?;
    this.finish(job)?;
    this.top.close();
    this.place_zeroes();
    for f in job.derivative.functions() {
        this.scopes.rest_is_not_tape(f);
    }
    Ok(())
}

impl Reverse<'_> {
    pub fn arena(&mut self) -> Value {
        if let Some(arena) = self.arena {
            return arena;
        }
        let arena = cache::own_arena(self.fwd.start);
        self.arena = Some(arena);
        arena
    }

    // ---- forward ----

    fn forward_sweep(&mut self, engine: &mut Engine) -> Result<(), Refusal> {
        let facts = self.facts;
        let room = match self.split {
            true => Room::Tape {
                keep: self.runtime.keep,
                arena: self.arena(),
            },
            false => Room::Frame,
        };
        for lane in &mut self.shadows {
            lane.begin(facts, &self.fwd, room);
        }
        let insts: Vec<(ValueId, &Op)> = facts.body().live_insts().collect();
        for (v, op) in insts {
            if let Op::Call(call) = op
                && matches!(call.callee, Callee::Defined { .. })
                && crate::analysis::need::is_active_call(&facts.cells, &facts.act, v, call)
            {
                self.augmented_call(engine, v, call)?;
                continue;
            }
            for lane in &mut self.shadows {
                lane.instruction(facts, &self.fwd, v, op)?;
            }
        }
        for lane in &self.shadows {
            lane.finish_phis(facts, &self.fwd)?;
        }
        Ok(())
    }

    /// Split mode: stack memory that the reverse sweep needs moves to the tape, for the forward function
    /// returns before the reverse function runs.
    fn keep_stack_memory(&mut self) -> Result<(), Refusal> {
        let facts = self.facts;
        let allocas: Vec<(ValueId, Option<u64>)> = facts
            .body()
            .live_insts()
            .filter_map(|(v, op)| match op {
                Op::Alloca { size, .. } => Some((v, *size)),
                _ => None,
            })
            .collect();
        for (v, size) in allocas {
            let old = self.fwd.value(facts, v);
            let size = size.ok_or_else(|| Refusal::internal("stack memory of unknown size"))?;
            let arena = self.arena();
            let b = Builder::before(old);
            let bytes = facts.context().i64_type().const_int(size.max(1));
            let new = b.call_function(self.runtime.keep, &[arena, bytes]);
            old.replace_all_uses_with(new);
            self.fwd.replace(facts, v, new);
            old.erase_from_parent();
        }
        Ok(())
    }

    /// Takes frees of memory that the reverse sweep reads, or that has a shadow, out of the forward sweep.
    fn defer_frees(&mut self) -> Result<(), Refusal> {
        let facts = self.facts;
        let body = facts.body();
        let mut read_again: FxHashSet<_> = self
            .plan
            .how
            .iter()
            .filter(|(_, how)| **how == crate::plan::How::Redo)
            .filter_map(|(need, _)| match need {
                Need::Primal(v) | Need::Shadow(v) => match body.op(*v) {
                    Some(Op::Load { ptr, .. }) => facts.cells.target(*ptr, 0).map(|(n, _)| n),
                    _ => None,
                },
                Need::Tape(_) | Need::Base(..) => None,
            })
            .collect();
        // The reverse sweeps of callees read what they were told is left alone.
        for (v, op) in body.live_insts() {
            if let Op::Call(call) = op
                && self.calls.contains_key(&v)
            {
                read_again.extend(reachable_from(&facts.cells, &call.args));
            }
        }
        let calls: Vec<(ValueId, u32)> = body
            .live_insts()
            .filter_map(|(v, op)| match op {
                Op::Call(call) => match call.callee {
                    Callee::Dealloc { ptr_arg } => Some((v, ptr_arg)),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        for (v, ptr_arg) in calls {
            let Some(Op::Call(call)) = body.op(v) else {
                continue;
            };
            let ptr = call.args[ptr_arg as usize];
            let node = facts.cells.target(ptr, 0).map(|(n, _)| n);
            let shadowed = facts.has_shadow(ptr);
            let inst = self.fwd.value(facts, v);
            match tape_call_of(inst) {
                Some(TapeCall::FreesArena) => {
                    let arena = self.arena();
                    let b = Builder::before(inst);
                    b.call_function(self.runtime.adopt, &[arena, inst.arg(0)]);
                    inst.erase_from_parent();
                    continue;
                }
                Some(TapeCall::DefersFree) => {
                    for lane in self.shadows.iter().filter(|_| shadowed) {
                        let b = self.fwd.after(facts, v);
                        let again = inst.clone_instruction();
                        again.set_operand(ptr_arg, lane.of(facts, &self.fwd, &b, ptr)?);
                        b.insert(again);
                    }
                    continue;
                }
                Some(TapeCall::Makes | TapeCall::Books) | None => {}
            }
            if !shadowed && !node.is_some_and(|n| read_again.contains(&n)) {
                continue;
            }
            let b = Builder::before(inst);
            let mut pointers = vec![inst.arg(ptr_arg)];
            if shadowed {
                for lane in &self.shadows {
                    let shadow = lane.of(facts, &self.fwd, &b, ptr)?;
                    // Memory that an inactive function made is its own shadow, and is not freed twice.
                    let same = b.icmp(IntPredicate::Eq, shadow, pointers[0]);
                    pointers.push(b.select(same, shadow.ty().const_null(), shadow));
                }
            }
            let arena = self.arena();
            for pointer in pointers {
                cache::defer_free(facts, &b, &self.runtime, arena, inst, ptr_arg, pointer);
            }
            inst.end_invoke();
            inst.erase_from_parent();
        }
        Ok(())
    }

    /// Ends the forward sweep: at its return, on to the reverse sweep, or out with the frame.
    fn leave_forward(&mut self, job: &Job, frame: Option<Value>) -> Result<(), Refusal> {
        let facts = self.facts;
        let rets: Vec<(ValueId, Option<ValueId>)> = facts
            .body()
            .live_insts()
            .filter_map(|(v, op)| match op {
                Op::Ret(x) => Some((v, *x)),
                _ => None,
            })
            .collect();
        for (v, x) in rets {
            let inst = self.fwd.value(facts, v);
            let b = Builder::before(inst);
            let mut fields = Vec::new();
            if let Some(x) = x {
                fields.push(self.fwd.value(facts, x));
                if job.sig.ret.has_shadow() {
                    for lane in &self.shadows {
                        fields.push(lane.of(facts, &self.fwd, &b, x)?);
                    }
                }
            }
            match frame {
                Some(frame) => {
                    let ty = self.fwd.function.return_type();
                    let mut out = b.insert_value(ty.poison(), frame, 0);
                    for (i, field) in fields.into_iter().enumerate() {
                        out = b.insert_value(out, field, i as u32 + 1);
                    }
                    b.ret(out);
                }
                None => {
                    for (i, field) in fields.into_iter().enumerate() {
                        let place = self.result_slot(i, field.ty());
                        b.store(field, place, 0, false);
                    }
                    b.br(self.b.block());
                }
            }
            inst.erase_from_parent();
        }
        Ok(())
    }

    fn result_slot(&mut self, i: usize, ty: Type) -> Value {
        self.top
            .pointer(self.facts, Key::Result(i), ty, Side::Forward)
    }

    // ---- reverse ----

    pub fn counter_slot(&mut self, l: LoopId) -> Value {
        let (start, ty) = (self.start, self.facts.context().i64_type());
        *self
            .counters
            .entry(l)
            .or_insert_with(|| slot(start, ty, "iv.r"))
    }

    fn reverse_block(&mut self, b: BlockId) -> Block {
        let function = self.function;
        let name = &self.facts.body().block(b).name;
        *self
            .blocks
            .entry(b)
            .or_insert_with(|| function.append_block(&format!("reverse.{name}")))
    }

    fn reverse_sweep(&mut self, seeds: &[Value]) -> Result<(), Refusal> {
        let Some(first) = self.plan.walk.start else {
            // The function never returns: there is nothing to reverse.
            self.b.br(self.end);
            return Ok(());
        };
        let to = self.reverse_block(first);
        self.b.br(to);
        for block in self.plan.walk.blocks.clone() {
            let at = self.reverse_block(block);
            self.b.position_at_end(at);
            self.found.clear();
            for v in self
                .facts
                .body()
                .block(block)
                .insts
                .clone()
                .into_iter()
                .rev()
            {
                let op = self.facts.body().op(v).expect("blocks hold instructions");
                if let Op::Ret(Some(x)) = op {
                    for (lane, seed) in seeds.iter().enumerate() {
                        self.lane = lane;
                        if self.facts.act.is_active(*x) {
                            self.add_whole(*x, *seed)?;
                        }
                    }
                    continue;
                }
                let facts = self.facts;
                if !matches!(op, Op::Phi(_)) && has_adjoint(&facts.cells, &facts.act, v, op) {
                    self.b.set_debug_loc(None);
                    self.adjoint_in_all_lanes(v, op)?;
                }
            }
            self.step(block)?;
        }
        Ok(())
    }

    fn adjoint_in_all_lanes(&mut self, v: ValueId, op: &Op) -> Result<(), Refusal> {
        // A callee reverses all lanes at once.
        if let Op::Call(_) = op
            && self.calls.contains_key(&v)
        {
            return self.reverse_call(v);
        }
        for lane in 0..self.shadows.len() {
            self.lane = lane;
            self.adjoint(v, op)?;
        }
        Ok(())
    }

    /// Goes on from a block to where it was entered from, with its phis' adjoints.
    fn step(&mut self, block: BlockId) -> Result<(), Refusal> {
        let body = self.facts.body();
        let phis: Vec<ValueId> = body
            .block(block)
            .insts
            .iter()
            .copied()
            .filter(|v| matches!(body.op(*v), Some(Op::Phi(_))) && self.facts.act.is_active(*v))
            .collect();
        let next = self.plan.walk.next[&block].clone();
        // All phis are read before any operand, which may be another phi of the block, is added to.
        let mut adjoints = Vec::new();
        for lane in 0..self.shadows.len() {
            self.lane = lane;
            for &v in &phis {
                adjoints.push((v, lane, self.take_leaves(v)?));
            }
        }
        match next {
            Next::End => {
                self.b.br(self.end);
            }
            Next::One(p) => self.go(block, p, &adjoints)?,
            Next::Which { which, preds } => {
                let which = self.primal(which)?;
                let mut edges = Vec::new();
                for (k, p) in &preds {
                    let edge = self.function.append_block("edge");
                    edges.push((*k, *p, edge));
                }
                match &edges[..] {
                    [(k, _, first), (_, _, second)] => {
                        let is_first = self.b.icmp(
                            IntPredicate::Eq,
                            which,
                            which.ty().const_int(u64::from(*k)),
                        );
                        self.b.cond_br(is_first, *first, *second);
                    }
                    _ => {
                        let (_, _, default) = edges[0];
                        let switch = self.b.switch(which, default, edges.len() as u32);
                        for (k, _, edge) in &edges[1..] {
                            switch.add_case(which.ty().const_int(u64::from(*k)), *edge);
                        }
                    }
                }
                // What was found in this block can be used on all edges out of it.
                let found = self.found.clone();
                for (_, p, edge) in edges {
                    self.b.position_at_end(edge);
                    self.found = found.clone();
                    self.go(block, p, &adjoints)?;
                }
            }
            Next::Header {
                l,
                preheader,
                latch,
            } => {
                let first = self.is_first_iteration(l);
                self.pop_chain(l);
                let out = self.function.append_block("edge.out");
                let back = self.function.append_block("edge.back");
                self.b.cond_br(first, out, back);
                self.found.clear();
                self.b.position_at_end(out);
                self.go(block, preheader, &adjoints)?;
                self.found.clear();
                self.b.position_at_end(back);
                let place = self.counter_slot(l);
                let k = self.counter(l);
                let less = self.b.sub(k, self.facts.context().i64_type().const_int(1));
                self.b.store(less, place, 8, false);
                self.go(block, latch, &adjoints)?;
            }
        }
        Ok(())
    }

    /// The edge from `block` back to `p`.
    fn go(&mut self, block: BlockId, p: BlockId, adjoints: &[PhiAdjoint]) -> Result<(), Refusal> {
        let body = self.facts.body();
        for (phi, lane, parts) in adjoints {
            self.lane = *lane;
            let Some(Op::Phi(incoming)) = body.op(*phi) else {
                continue;
            };
            let Some((_, x)) = incoming.iter().find(|(from, _)| *from == p) else {
                continue;
            };
            if self.facts.act.is_active(*x) {
                for (leaf, d) in parts {
                    self.add_leaf(*x, *leaf, *d)?;
                }
            }
        }
        for l in loops_left(body, p, block) {
            let counter = &body.counters[l.index()];
            let at_exit = counter
                .exit_counts
                .iter()
                .find(|(b, _)| *b == block)
                .map(|(_, v)| *v);
            let phi = at_exit
                .ok_or_else(|| Refusal::internal(&format!("{l:?} has no count at {block:?}")))?;
            let count = self.primal(phi)?;
            let place = self.counter_slot(l);
            self.b.store(count, place, 8, false);
        }
        self.check_unwound(block, p);
        let to = self.reverse_block(arrival(body, p, block));
        self.b.br(to);
        Ok(())
    }

    /// After the reverse sweep: the tape and the deferred frees go, and the results are returned.
    fn finish(&mut self, job: &Job) -> Result<(), Refusal> {
        self.b.position_at_end(self.end);
        self.end_pieces()?;
        if let (Some(arena), false) = (self.arena, self.split) {
            cache::free_arena(&self.b, &self.runtime, arena);
        }
        let ty = self.function.return_type();
        let mut out = ty.poison();
        let mut i = 0;
        if !self.split {
            let ret = self.facts.body().ret_ty;
            let kept = match self.facts.body().types.get(ret).kind {
                crate::ir::TyKind::Void => 0,
                _ if job.sig.ret.has_shadow() => 1 + self.shadows.len(),
                _ => 1,
            };
            for k in 0..kept {
                let field = ty.member(k as u32);
                let place = self.result_slot(k, field);
                let value = self.b.load(field, place, 0, false);
                out = self.b.insert_value(out, value, i);
                i += 1;
            }
        }
        for (k, activity) in job.sig.args.iter().enumerate() {
            if activity.is_out() {
                let param = self.facts.body().params[k];
                let d = self.whole_lanes(param)?;
                out = self.b.insert_value(out, d, i);
                i += 1;
            }
        }
        self.b.ret(out);
        Ok(())
    }
}
