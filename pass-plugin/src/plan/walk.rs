//! The way of the reverse sweep through the blocks: for each block, where to go when it is done.
//!
//! Blocks, branches and loops in which nothing has an adjoint are stepped over.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::activity::Activity;
use crate::analysis::cells::Cells;
use crate::analysis::need::has_adjoint;
use crate::ir::{BlockId, Body, LoopId, Op, ValueId};

/// Where the reverse sweep goes from a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Next {
    /// The reverse sweep ends: the entry.
    End,
    One(BlockId),
    /// To the predecessor that the block was entered from; `which` records its place in `preds`.
    Which {
        which: ValueId,
        preds: Vec<(u32, BlockId)>,
    },
    /// A loop header: to the latch for all iterations but the first.
    Header {
        l: LoopId,
        preheader: BlockId,
        latch: BlockId,
    },
}

/// The whole way.
#[derive(Debug, Default)]
pub struct Walk {
    pub start: Option<BlockId>,
    pub next: FxHashMap<BlockId, Next>,
    /// Visited blocks, in the order of discovery.
    pub blocks: Vec<BlockId>,
}

/// Why there is no way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWalk {
    /// A loop without preheader or with several latches, or a cycle that is no loop.
    OddLoop(BlockId),
    /// A block with several predecessors and no record of which it was entered from.
    NoRecord(BlockId),
    ManyReturns,
}

struct Walker<'a> {
    body: &'a Body,
    busy_block: Vec<bool>,
    busy_loop: Vec<bool>,
    active_phi: Vec<bool>,
}

/// Finds the way.
pub fn walk(body: &Body, cells: &Cells, act: &Activity) -> Result<Walk, NoWalk> {
    let mut walker = Walker {
        body,
        busy_block: vec![false; body.blocks.len()],
        busy_loop: vec![false; body.cfg.loops().count()],
        active_phi: vec![false; body.blocks.len()],
    };
    let mut start = None;
    for (v, op) in body.live_insts() {
        let block = body.block_of(v).expect("instructions have blocks");
        if has_adjoint(cells, act, v, op) {
            walker.busy_block[block.index()] = true;
            walker.active_phi[block.index()] |= matches!(op, Op::Phi(_));
            for l in body.cfg.nest(body.cfg.loop_of(block)) {
                walker.busy_loop[l.index()] = true;
            }
        }
        if let Op::Ret(_) = op
            && start.replace(block).is_some()
        {
            return Err(NoWalk::ManyReturns);
        }
    }
    let mut result = Walk {
        start,
        ..Walk::default()
    };
    let mut work: Vec<BlockId> = start.into_iter().collect();
    while let Some(b) = work.pop() {
        if result.next.contains_key(&b) {
            continue;
        }
        result.blocks.push(b);
        let next = walker.next(b)?;
        match &next {
            Next::End => {}
            Next::One(p) => work.push(arrival(body, *p, b)),
            Next::Which { preds, .. } => {
                work.extend(preds.iter().map(|(_, p)| arrival(body, *p, b)));
            }
            Next::Header {
                preheader, latch, ..
            } => work.extend([*preheader, *latch]),
        }
        result.next.insert(b, next);
    }
    Ok(result)
}

impl Walker<'_> {
    fn next(&self, b: BlockId) -> Result<Next, NoWalk> {
        let body = self.body;
        if b.index() == 0 {
            return Ok(Next::End);
        }
        if let Some(l) = body.cfg.loop_with_header(b) {
            let info = body.cfg.get_loop(l);
            let (Some(preheader), [latch]) = (info.preheader, &info.latches[..]) else {
                return Err(NoWalk::OddLoop(b));
            };
            return Ok(Next::Header {
                l,
                preheader,
                latch: *latch,
            });
        }
        let preds: Vec<BlockId> = body
            .block(b)
            .preds
            .iter()
            .copied()
            .filter(|p| body.cfg.is_live(*p))
            .collect();
        let mut distinct = preds.clone();
        distinct.sort();
        distinct.dedup();
        if let [only] = distinct[..] {
            return Ok(Next::One(
                if self.active_phi[b.index()] || self.starts_with_landing_pad(b) {
                    only
                } else {
                    self.before_idle_loops(only, b)
                },
            ));
        }
        // What stands between a landing pad and a block above it may have been done or not.
        if !self.active_phi[b.index()] && !self.starts_with_landing_pad(b) {
            if let Some(above) = body.cfg.idom(b) {
                let inside = body
                    .cfg
                    .contains(body.cfg.loop_of(above), body.cfg.loop_of(b));
                if inside && self.nothing_between(above, b, &distinct) {
                    return Ok(Next::One(self.before_idle_loops(above, b)));
                }
            }
            let mut shortened: Vec<BlockId> = distinct
                .iter()
                .map(|p| self.before_idle_loops(*p, b))
                .collect();
            shortened.sort();
            shortened.dedup();
            if let [only] = shortened[..] {
                return Ok(Next::One(only));
            }
        }
        let which = body.which[b.index()].ok_or(NoWalk::NoRecord(b))?;
        let Some(Op::Phi(incoming)) = body.op(which) else {
            return Err(NoWalk::NoRecord(b));
        };
        let preds = incoming
            .iter()
            .filter(|(p, _)| distinct.contains(p))
            .map(|(p, n)| {
                let place = body.const_int(*n).and_then(|n| u32::try_from(n).ok());
                place.map(|place| (place, *p)).ok_or(NoWalk::NoRecord(b))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Next::Which { which, preds })
    }

    fn starts_with_landing_pad(&self, b: BlockId) -> bool {
        self.body
            .block(b)
            .insts
            .iter()
            .any(|v| matches!(self.body.op(*v), Some(Op::LandingPad)))
    }

    /// `p`, or the block before the outermost loop around `p` but not `b` that has nothing to reverse.
    fn before_idle_loops(&self, p: BlockId, b: BlockId) -> BlockId {
        let mut at = p;
        for l in self.body.cfg.nest(self.body.cfg.loop_of(p)) {
            let info = self.body.cfg.get_loop(l);
            if self.body.cfg.contains(Some(l), self.body.cfg.loop_of(b))
                || self.busy_loop[l.index()]
            {
                break;
            }
            match info.preheader {
                Some(preheader) => at = preheader,
                None => break,
            }
        }
        at
    }

    /// No block between `above` and `b` has anything to reverse.
    fn nothing_between(&self, above: BlockId, b: BlockId, preds: &[BlockId]) -> bool {
        let mut seen: FxHashSet<BlockId> = FxHashSet::default();
        let mut work: Vec<BlockId> = preds.to_vec();
        while let Some(p) = work.pop() {
            if p == above || !self.body.cfg.is_live(p) || !seen.insert(p) {
                continue;
            }
            if p == b || self.busy_block[p.index()] || self.starts_with_landing_pad(p) {
                return false;
            }
            work.extend(self.body.block(p).preds.iter().copied());
        }
        true
    }
}

/// The call that ends block `p`, if control came from it to `b` by an exception.
pub fn unwound(body: &Body, p: BlockId, b: BlockId) -> Option<ValueId> {
    let last = *body.block(p).insts.last()?;
    match body.op(last) {
        Some(Op::Call(call)) => call
            .invoke
            .is_some_and(|(normal, unwind)| unwind == b && normal != b)
            .then_some(last),
        _ => None,
    }
}

/// Where the reverse sweep arrives on its way from `b` back to `p`. A call that did not return has nothing to reverse:
/// prepare gave it a block of its own, which is stepped over.
pub fn arrival(body: &Body, p: BlockId, b: BlockId) -> BlockId {
    match (unwound(body, p, b), &body.block(p).preds[..]) {
        (Some(_), [before]) => *before,
        (Some(_) | None, _) => p,
    }
}

/// The loops that are left on the way from `from` (in the forward direction) to `to`: innermost first.
pub fn loops_left(body: &Body, from: BlockId, to: BlockId) -> Vec<LoopId> {
    body.cfg
        .nest(body.cfg.loop_of(from))
        .take_while(|l| !body.cfg.contains(Some(*l), body.cfg.loop_of(to)))
        .collect()
}
