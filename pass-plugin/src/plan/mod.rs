//! Keep, recompute or cache: how the reverse sweep gets at what it needs, and the way it walks.
//!
//! A [`Plan`] is plain data. It is made from the snapshot and the analyses, [`check`]ed, and only then
//! turned into IR by `emit`, which looks every value up here and decides nothing.

pub mod check;
pub mod choose;
pub mod storage;
#[cfg(test)]
mod tests;
pub mod walk;

use rustc_hash::FxHashMap;

use crate::analysis::need::Need;
use crate::ir::{Body, LoopId, ValueId};

/// How the reverse sweep obtains a needed value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// A constant, a global or a function: the same value everywhere.
    Constant,
    /// A parameter, or the shadow of one.
    Param,
    /// The counter of a loop: the reverse loop's own counter.
    Counter(LoopId),
    /// A header phi that is `start + counter·step`.
    Induction {
        l: LoopId,
        start: ValueId,
        step: Step,
    },
    /// A header phi that equals another value, computed from the counter.
    Equal(ValueId),
    /// A phi that merges the two sides of a branch on `cond`.
    Merge {
        cond: ValueId,
        on_true: ValueId,
        on_false: ValueId,
    },
    /// A counter at a loop's only exit: the loop's back edge count.
    ExitCount { count: ValueId },
    /// Which of two predecessors: 0 or 1, decided by the branch above.
    Side {
        cond: ValueId,
        on_true: u32,
        on_false: u32,
    },
    /// The operation is done again on its operands.
    Redo,
    /// Stored by the forward sweep.
    Saved,
}

/// What an induction grows by in each iteration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Const(i64),
    /// `value · scale`, `value` being the same in all iterations.
    Scaled {
        value: ValueId,
        scale: i64,
    },
}

/// Where the saved values of one loop live.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// One array for each value, those of one kind in one piece of memory. It is made before loop `root`, which is the
    /// loop itself or one around it, or, where trip counts are right only in loops that are entered, when control first
    /// gets to the loop itself (`late`). `nest` lists the loops from `root` inwards.
    Flat {
        root: LoopId,
        nest: Vec<LoopId>,
        late: bool,
    },
    /// One record an iteration, each pointing to the one before: for unknown trip counts.
    Chain,
}

/// The plan of one function's derivative.
#[derive(Debug, Default)]
pub struct Plan {
    pub how: FxHashMap<Need, How>,
    /// For each loop, and for the function itself outside of loops (`None`): what is saved there, in a
    /// fixed order.
    pub saved: FxHashMap<Option<LoopId>, Vec<Need>>,
    pub storage: FxHashMap<LoopId, Storage>,
    pub walk: walk::Walk,
}

/// The loop that a needed value belongs to.
pub fn level(body: &Body, plan_storage: &FxHashMap<LoopId, Storage>, need: Need) -> Option<LoopId> {
    match need {
        Need::Primal(v) | Need::Shadow(v) | Need::Tape(v) => body.loop_of(v),
        Need::Base(l, _) => match plan_storage.get(&l) {
            Some(Storage::Flat { root, .. }) => body.cfg.get_loop(*root).parent,
            Some(Storage::Chain) | None => body.cfg.get_loop(l).parent,
        },
    }
}
