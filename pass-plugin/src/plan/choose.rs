//! The choice for each needed value: keep, recompute or cache, by cost.
//!
//! Costs are in units of a cheap instruction. A value is recomputed when that costs no more than storing
//! it and reading it back, operands included; an operand that belongs to an outer loop is paid for there, and one that
//! some adjoint needs itself is there anyway.
//! Never recomputed: what has an effect, what memory no longer holds, `freeze`, allocations, calls that
//! are not pure.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{How, Plan, Step, Storage, level, storage::storage, walk};
use crate::analysis::activity::Activity;
use crate::analysis::cells::Cells;
use crate::analysis::clobber::Clobber;
use crate::analysis::need::{Element, Need, needs};
use crate::ir::{Body, Callee, CastKind, Def, FloatBin, IntBin, LoopId, Op, ValueId};

struct Chooser<'a> {
    body: &'a Body,
    cells: &'a Cells,
    act: &'a Activity,
    clobber: &'a Clobber,
    /// What adjoints and steps of the walk read themselves.
    wanted: FxHashSet<Need>,
    how: FxHashMap<Need, (How, u32)>,
    visiting: FxHashSet<Need>,
    storage: FxHashMap<LoopId, Storage>,
}

const FREE: u32 = 0;
const MOST: u32 = 1 << 20;

/// Makes the plan.
pub fn plan(
    body: &Body,
    cells: &Cells,
    act: &Activity,
    clobber: &Clobber,
) -> Result<Plan, walk::NoWalk> {
    let way = walk::walk(body, cells, act)?;
    let mut chooser = Chooser {
        body,
        cells,
        act,
        clobber,
        wanted: FxHashSet::default(),
        how: FxHashMap::default(),
        visiting: FxHashSet::default(),
        storage: body
            .cfg
            .loops()
            .map(|(l, _)| (l, storage(body, l)))
            .collect(),
    };
    let mut wanted: Vec<Need> = Vec::new();
    for &b in &way.blocks {
        for &v in &body.block(b).insts {
            let op = body.op(v).expect("blocks hold instructions");
            wanted.extend(needs(body, cells, act, v, op));
        }
        wanted.extend(chooser.needs_of_step(b, &way));
    }
    chooser.wanted.extend(&wanted);
    let mut plan = Plan {
        walk: way,
        ..Plan::default()
    };
    while let Some(need) = wanted.pop() {
        if plan.how.contains_key(&need) {
            continue;
        }
        chooser.decide(need);
        let how = chooser.how[&need].0;
        plan.how.insert(need, how);
        wanted.extend(chooser.inputs(need, how));
        if how == How::Saved {
            let l = level(body, &chooser.storage, need);
            plan.saved.entry(l).or_default().push(need);
            if let Some(l) = l {
                let storage = chooser.storage[&l].clone();
                if let Storage::Flat { nest, .. } = &storage {
                    wanted.push(Need::Base(l, Element::of(body, need)));
                    for m in nest {
                        let count = body.counters[m.index()].backedge_count;
                        wanted.push(Need::Primal(count.expect("flat nests have counts")));
                    }
                }
                plan.storage.insert(l, storage);
            }
        }
    }
    for list in plan.saved.values_mut() {
        list.sort();
    }
    Ok(plan)
}

impl Chooser<'_> {
    /// What the step out of block `b` reads: the record of its predecessor, the counters of the loops
    /// that are entered from behind.
    fn needs_of_step(&self, b: crate::ir::BlockId, way: &walk::Walk) -> Vec<Need> {
        let mut out = Vec::new();
        let targets = match &way.next[&b] {
            walk::Next::End => return out,
            walk::Next::One(p) => vec![*p],
            walk::Next::Which { which, preds } => {
                out.push(Need::Primal(*which));
                preds.iter().map(|(_, p)| *p).collect()
            }
            walk::Next::Header { .. } => return out,
        };
        for p in targets {
            for l in walk::loops_left(self.body, p, b) {
                let counter = &self.body.counters[l.index()];
                let at_exit = counter.exit_counts.iter().find(|(block, _)| *block == b);
                if let Some((_, phi)) = at_exit {
                    out.push(Need::Primal(*phi));
                }
            }
        }
        out
    }

    fn value_of(need: Need) -> Option<ValueId> {
        match need {
            Need::Primal(v) | Need::Shadow(v) | Need::Tape(v) => Some(v),
            Need::Base(..) => None,
        }
    }

    fn decide(&mut self, need: Need) -> u32 {
        if let Some((_, cost)) = self.how.get(&need) {
            return *cost;
        }
        if !self.visiting.insert(need) {
            // A cycle through a phi: whoever asks must not be recomputed from it.
            return MOST;
        }
        let (how, cost) = self.choose(need);
        self.visiting.remove(&need);
        self.how.insert(need, (how, cost));
        cost
    }

    fn saved_cost(&self, need: Need) -> u32 {
        let bytes = match need {
            Need::Primal(v) => self.body.ty(v).bytes,
            Need::Shadow(_) | Need::Tape(_) | Need::Base(..) => 8,
        };
        let words = u32::try_from(bytes.div_ceil(8))
            .unwrap_or(MOST)
            .clamp(1, MOST);
        let unit = match level(self.body, &self.storage, need) {
            None => 1,
            Some(l) => match self.storage[&l] {
                Storage::Flat { .. } => 6,
                Storage::Chain => 10,
            },
        };
        unit * words
    }

    fn choose(&mut self, need: Need) -> (How, u32) {
        let saved = (How::Saved, self.saved_cost(need));
        let Some(v) = Self::value_of(need) else {
            return saved;
        };
        let op = match (&self.body.value(v).def, need) {
            (_, Need::Tape(_)) => return saved,
            (Def::Const(_) | Def::Global { .. } | Def::Function { .. }, _) => {
                return (How::Constant, FREE);
            }
            (Def::Arg(_), _) => return (How::Param, FREE),
            (Def::Inst { op, .. }, _) => op,
        };
        if let Some(special) = self.special(need, v, op) {
            let cost = self.cost_of_inputs(need, special, 1);
            // Closed forms are a few integer operations, against a store, a load and the memory for them.
            // Nor do they make what is computed from them worth saving.
            let (allowed, counted) = match special {
                How::Equal(_) => (12, cost.min(2)),
                _ => (2, cost),
            };
            if cost <= saved.1.max(allowed) {
                return (special, counted);
            }
        }
        let Some(own) = self.redo_cost(need, v, op) else {
            return saved;
        };
        let cost = self.cost_of_inputs(need, How::Redo, own);
        if cost <= saved.1 {
            (How::Redo, cost)
        } else {
            saved
        }
    }

    fn cost_of_inputs(&mut self, need: Need, how: How, own: u32) -> u32 {
        let here = level(self.body, &self.storage, need);
        let mut cost = own;
        for input in self.inputs(need, how) {
            let inner = match self.decide(input) {
                cost if cost < MOST && self.wanted.contains(&input) => FREE,
                cost => cost,
            };
            let outside = level(self.body, &self.storage, input) != here;
            cost += if outside && inner < MOST {
                inner / 8
            } else {
                inner
            };
        }
        cost.min(MOST)
    }

    /// Ways that are better than doing the operation again.
    fn special(&self, need: Need, v: ValueId, op: &Op) -> Option<How> {
        let body = self.body;
        let Op::Phi(incoming) = op else { return None };
        let block = body.block_of(v)?;
        if let Some(l) = body.cfg.loop_with_header(block) {
            if body.counters[l.index()].iv == v {
                return Some(How::Counter(l));
            }
            let info = body.cfg.get_loop(l);
            let preheader = info.preheader?;
            let start = incoming.iter().find(|(p, _)| *p == preheader)?.1;
            let next = incoming.iter().find(|(p, _)| *p != preheader)?.1;
            if let Some(step) = self.induction_step(l, v, next) {
                return Some(How::Induction { l, start, step });
            }
            return match need {
                Need::Primal(_) => body.closed_forms.get(&v).map(|equal| How::Equal(*equal)),
                Need::Shadow(_) | Need::Tape(_) | Need::Base(..) => None,
            };
        }
        if let Need::Primal(_) = need {
            for (_, counter) in body
                .cfg
                .loops()
                .map(|(l, _)| (l, &body.counters[l.index()]))
            {
                if let Some(count) = counter.backedge_count
                    && counter.exit_counts.iter().any(|(_, phi)| *phi == v)
                {
                    return Some(How::ExitCount { count });
                }
            }
        }
        // A merge of two sides of one branch.
        let [(p0, x0), (p1, x1)] = incoming[..] else {
            return None;
        };
        let above = body.cfg.idom(block)?;
        let last = *body.block(above).insts.last()?;
        let Some(Op::CondBr(cond)) = body.op(last) else {
            return None;
        };
        let [on_true, on_false] = body.block(above).succs[..] else {
            return None;
        };
        if on_true == on_false || body.cfg.loop_of(above) != body.cfg.loop_of(block) {
            return None;
        }
        let comes_from = |p: crate::ir::BlockId, side: crate::ir::BlockId| {
            (p == above && side == block)
                || (side != block
                    && body.cfg.dominates(side, p)
                    && body.block(side).preds.len() == 1)
        };
        let (xt, xf) = if comes_from(p0, on_true) && comes_from(p1, on_false) {
            (x0, x1)
        } else if comes_from(p1, on_true) && comes_from(p0, on_false) {
            (x1, x0)
        } else {
            return None;
        };
        if body.which[block.index()] == Some(v) {
            let number = |x| body.const_int(x).and_then(|n| u32::try_from(n).ok());
            let (on_true, on_false) = (number(xt)?, number(xf)?);
            return Some(How::Side {
                cond: *cond,
                on_true,
                on_false,
            });
        }
        // Both sides must exist whichever was taken.
        let always = |x: ValueId| {
            body.block_of(x)
                .is_none_or(|b| body.cfg.dominates(b, above))
        };
        (always(xt) && always(xf)).then_some(How::Merge {
            cond: *cond,
            on_true: xt,
            on_false: xf,
        })
    }

    fn induction_step(&self, l: LoopId, phi: ValueId, next: ValueId) -> Option<Step> {
        let body = self.body;
        let invariant =
            |x: ValueId| !body.cfg.contains(Some(l), body.loop_of(x)) || body.block_of(x).is_none();
        match body.op(next)? {
            Op::IntBin(IntBin::Add, a, b) => {
                let other = if *a == phi {
                    *b
                } else if *b == phi {
                    *a
                } else {
                    return None;
                };
                match body.const_int(other) {
                    Some(n) => Some(Step::Const(i64::try_from(n).ok()?)),
                    None if invariant(other) => Some(Step::Scaled {
                        value: other,
                        scale: 1,
                    }),
                    None => None,
                }
            }
            Op::IntBin(IntBin::Sub, a, b) if *a == phi => match body.const_int(*b) {
                Some(n) => Some(Step::Const(i64::try_from(n).ok()?.checked_neg()?)),
                None if invariant(*b) => Some(Step::Scaled {
                    value: *b,
                    scale: -1,
                }),
                None => None,
            },
            Op::Gep {
                base,
                offset,
                indices,
            } if *base == phi => match (&indices[..], offset) {
                ([], offset) => Some(Step::Const(*offset)),
                ([(x, scale)], 0) if invariant(*x) => Some(Step::Scaled {
                    value: *x,
                    scale: *scale,
                }),
                _ => None,
            },
            _ => None,
        }
    }

    /// What doing the operation again costs, without its operands; `None`: it can't be.
    fn redo_cost(&self, need: Need, v: ValueId, op: &Op) -> Option<u32> {
        match op {
            Op::FloatBin(bin, ..) => Some(match bin {
                FloatBin::Add | FloatBin::Sub | FloatBin::Mul => 1,
                FloatBin::Div => 8,
                FloatBin::Rem => 30,
            }),
            Op::IntBin(bin, ..) => Some(match bin {
                IntBin::UDiv | IntBin::SDiv | IntBin::URem | IntBin::SRem => 10,
                IntBin::Add
                | IntBin::Sub
                | IntBin::Mul
                | IntBin::Shl
                | IntBin::LShr
                | IntBin::AShr
                | IntBin::And
                | IntBin::Or
                | IntBin::Xor => 1,
            }),
            Op::FNeg(_)
            | Op::ICmp(..)
            | Op::FCmp(..)
            | Op::Select { .. }
            | Op::ExtractElement { .. }
            | Op::InsertElement { .. }
            | Op::Shuffle { .. } => Some(1),
            Op::Cast(kind, _) => Some(match kind {
                CastKind::FpToInt | CastKind::IntToFp | CastKind::FpTrunc | CastKind::FpExt => 1,
                CastKind::Trunc
                | CastKind::ZExt
                | CastKind::SExt
                | CastKind::PtrToInt
                | CastKind::IntToPtr
                | CastKind::Bitcast
                | CastKind::AddrSpace => 0,
            }),
            Op::Gep { .. } | Op::ExtractValue { .. } | Op::InsertValue { .. } => Some(0),
            Op::Load { ptr, volatile } => {
                let stable = !volatile && self.clobber.is_stable(self.body, self.cells, v, *ptr);
                stable.then_some(2)
            }
            Op::Call(call) => match &call.callee {
                Callee::Math(_) if call.no_memory && call.invoke.is_none() => match need {
                    Need::Primal(_) => Some(25),
                    Need::Shadow(_) | Need::Tape(_) | Need::Base(..) => None,
                },
                Callee::Math(_)
                | Callee::Inactive
                | Callee::Alloc(_)
                | Callee::Dealloc { .. }
                | Callee::Realloc { .. }
                | Callee::LifetimeStart
                | Callee::Hint
                | Callee::ReduceFAdd
                | Callee::Defined { .. }
                | Callee::External { .. }
                | Callee::Indirect { .. }
                | Callee::InlineAsm => None,
            },
            Op::Phi(_)
            | Op::Freeze(_)
            | Op::Alloca { .. }
            | Op::Store { .. }
            | Op::MemCopy { .. }
            | Op::MemSet { .. }
            | Op::AtomicRmw { .. }
            | Op::CmpXchg { .. }
            | Op::Fence
            | Op::LandingPad
            | Op::Br
            | Op::CondBr(_)
            | Op::Switch { .. }
            | Op::Ret(_)
            | Op::Dead
            | Op::Unsupported(..) => None,
        }
    }

    /// What obtaining `need` in this way reads in turn.
    fn inputs(&self, need: Need, how: How) -> Vec<Need> {
        inputs(self.body, self.cells, self.act, need, how)
    }
}

/// What obtaining `need` by `how` reads in turn.
pub fn inputs(body: &Body, cells: &Cells, act: &Activity, need: Need, how: How) -> Vec<Need> {
    let alike = |x: ValueId| match need {
        Need::Shadow(_) => shadow_need(body, cells, act, x),
        Need::Primal(_) | Need::Tape(_) | Need::Base(..) => Need::Primal(x),
    };
    match how {
        How::Constant | How::Param | How::Counter(_) | How::Saved => Vec::new(),
        How::Induction { start, step, .. } => match step {
            Step::Const(_) => vec![alike(start)],
            Step::Scaled { value, .. } => vec![alike(start), Need::Primal(value)],
        },
        How::Equal(other) => vec![alike(other)],
        How::Merge {
            cond,
            on_true,
            on_false,
        } => {
            vec![Need::Primal(cond), alike(on_true), alike(on_false)]
        }
        How::ExitCount { count } => vec![Need::Primal(count)],
        How::Side { cond, .. } => vec![Need::Primal(cond)],
        How::Redo => {
            let v = Chooser::value_of(need).expect("only values are redone");
            let op = body.op(v).expect("only instructions are redone");
            let mut out = Vec::new();
            op.for_each_operand(|x| out.push(redo_operand(body, cells, act, need, op, x)));
            out
        }
    }
}

/// What operand `x` of an operation must be when the operation is done again to obtain `need`: for a shadow,
/// the shadows of its operands, but for indices and conditions.
pub fn redo_operand(
    body: &Body,
    cells: &Cells,
    act: &Activity,
    need: Need,
    op: &Op,
    x: ValueId,
) -> Need {
    let primal = match need {
        Need::Primal(_) | Need::Tape(_) | Need::Base(..) => true,
        Need::Shadow(_) => match op {
            Op::Gep { base, .. } => x != *base,
            Op::Select { cond, .. } => x == *cond,
            Op::ExtractElement { index, .. } | Op::InsertElement { index, .. } => x == *index,
            _ => false,
        },
    };
    if primal {
        Need::Primal(x)
    } else {
        shadow_need(body, cells, act, x)
    }
}

/// The shadow of `x`, which for what has no shadow (an offset, null, a constant) is the value itself.
pub fn shadow_need(body: &Body, cells: &Cells, act: &Activity, x: ValueId) -> Need {
    if body.is_const(x) || !act.has_shadow_pointer(cells, x) {
        Need::Primal(x)
    } else {
        Need::Shadow(x)
    }
}
