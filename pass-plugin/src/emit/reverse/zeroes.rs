//! Where the slots of adjoints become 0: just before they are first used.
//!
//! At the start of the function a zero would be alive through everything up to there, for each slot, and LLVM's promotion
//! of slots to registers takes time for each block that a slot is alive in.

use super::*;
use crate::ir::cfg::Cfg;

impl Reverse<'_> {
    /// Moves the zeroes of slots to the last block that comes before all of their uses and is in no loop, so that they are
    /// still stored once.
    pub(super) fn place_zeroes(&mut self) {
        let blocks = self.function.blocks();
        let ids: FxHashMap<Block, BlockId> = blocks
            .iter()
            .enumerate()
            .map(|(k, b)| (*b, BlockId::new(k)))
            .collect();
        let cfg = Cfg::shape_of(&blocks.iter().map(|b| shape(*b, &ids)).collect::<Vec<_>>());
        if cfg.irreducible().is_some() {
            return;
        }
        let mut slots: Vec<_> = self
            .slots
            .iter()
            .map(|(key, slot)| (*key, slot.0))
            .collect();
        slots.sort_by_key(|(key, _)| *key);
        for (_, place) in slots {
            let mut users = place.users();
            let zero = users.iter().position(|u| {
                u.is_op(Opcode::Store)
                    && u.parent_block() == Some(self.start)
                    && u.operand(1) == place
            });
            let Some(zero) = zero.map(|k| users.swap_remove(k)) else {
                continue;
            };
            let mut common: Option<BlockId> = None;
            while let Some(user) = users.pop() {
                if user.is_op(Opcode::GetElementPtr) {
                    users.extend(user.users());
                }
                let Some(at) = user.parent_block().map(|b| ids[&b]) else {
                    continue;
                };
                if cfg.is_reachable(at) {
                    common = Some(common.map_or(at, |c| cfg.common_dominator(c, at)));
                }
            }
            while let Some(at) = common.filter(|at| cfg.loop_of(*at).is_some()) {
                common = cfg.idom(at);
            }
            if let Some(at) = common.map(|at| blocks[at.index()])
                && at != self.start
                && let Some(first) = at.first_insertion_point()
            {
                zero.remove_from_parent();
                Builder::before(first).insert(zero);
            }
        }
    }
}

/// A block's neighbours, for [`Cfg`].
fn shape(block: Block, ids: &FxHashMap<Block, BlockId>) -> crate::ir::Block {
    let distinct = |blocks: Vec<Block>| {
        let mut out: Vec<BlockId> = blocks.iter().map(|b| ids[b]).collect();
        out.sort();
        out.dedup();
        out
    };
    crate::ir::Block {
        preds: distinct(block.predecessors()),
        succs: distinct(
            block
                .terminator()
                .map(|t| t.successors())
                .unwrap_or_default(),
        ),
        ..crate::ir::Block::default()
    }
}
