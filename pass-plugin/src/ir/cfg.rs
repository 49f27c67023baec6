//! Control flow facts: order, dominators, natural loops, which blocks can return.
//!
//! Dominators: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001). Loops: natural
//! loops of back edges whose target dominates their source; an edge that would make the graph
//! irreducible is reported, never guessed at.

use super::{Block, BlockId, LoopId};

/// A natural loop. After `prepare` it has one preheader, one latch and dedicated exits.
#[derive(Clone, Debug)]
pub struct Loop {
    pub header: BlockId,
    pub latches: Vec<BlockId>,
    pub preheader: Option<BlockId>,
    pub parent: Option<LoopId>,
    pub depth: u32,
    pub blocks: Vec<BlockId>,
}

/// Control flow of one function.
#[derive(Debug)]
pub struct Cfg {
    rpo: Vec<BlockId>,
    rpo_number: Vec<u32>,
    idom: Vec<Option<BlockId>>,
    /// Depth-first interval in the dominator tree, for constant-time dominance.
    dom_in: Vec<u32>,
    dom_out: Vec<u32>,
    live: Vec<bool>,
    loops: Vec<Loop>,
    loop_of: Vec<Option<LoopId>>,
    /// `reach[b]` has a bit for each block that can run after `b` (in a cycle: `b` itself too).
    reach: Vec<Vec<u64>>,
    irreducible: Option<BlockId>,
}

const NONE: u32 = u32::MAX;

impl Cfg {
    /// `blocks[0]` is the entry; `returns[b]`: block `b` ends in a return.
    pub fn new(blocks: &[Block], returns: &[bool]) -> Cfg {
        let mut cfg = Cfg::shape_of(blocks);
        cfg.live = live_blocks(blocks, returns);
        cfg.reach = reachability(blocks, &cfg.rpo);
        cfg
    }

    /// Order, dominators and loops only: nothing is said to return, and nothing may ask what can follow what.
    pub fn shape_of(blocks: &[Block]) -> Cfg {
        let n = blocks.len();
        let rpo = reverse_post_order(blocks);
        let mut rpo_number = vec![NONE; n];
        for (i, b) in rpo.iter().enumerate() {
            rpo_number[b.index()] = i as u32;
        }
        let idom = dominators(blocks, &rpo, &rpo_number);
        let (dom_in, dom_out) = dominator_intervals(&idom, &rpo);
        let mut cfg = Cfg {
            rpo,
            rpo_number,
            idom,
            dom_in,
            dom_out,
            live: vec![false; n],
            loops: Vec::new(),
            loop_of: vec![None; n],
            reach: Vec::new(),
            irreducible: None,
        };
        cfg.find_loops(blocks);
        cfg
    }

    /// Reachable blocks in reverse post-order.
    pub fn rpo(&self) -> &[BlockId] {
        &self.rpo
    }

    pub fn is_reachable(&self, b: BlockId) -> bool {
        self.rpo_number[b.index()] != NONE
    }

    /// Whether the function can return from `b`; the reverse sweep sees no other blocks.
    pub fn is_live(&self, b: BlockId) -> bool {
        self.live[b.index()] && self.is_reachable(b)
    }

    pub fn idom(&self, b: BlockId) -> Option<BlockId> {
        self.idom[b.index()]
    }

    /// The last block that dominates both of two reachable blocks.
    pub fn common_dominator(&self, a: BlockId, b: BlockId) -> BlockId {
        let number = |b: BlockId| self.rpo_number[b.index()];
        let (mut a, mut b) = (a, b);
        while a != b {
            let later = if number(a) > number(b) {
                &mut a
            } else {
                &mut b
            };
            *later =
                self.idom[later.index()].expect("only the entry has no dominator, and it is first");
        }
        a
    }

    /// Reflexive.
    pub fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        self.is_reachable(a)
            && self.is_reachable(b)
            && self.dom_in[a.index()] <= self.dom_in[b.index()]
            && self.dom_out[b.index()] <= self.dom_out[a.index()]
    }

    /// Whether `to` can start to run after `from` has ended.
    pub fn can_follow(&self, from: BlockId, to: BlockId) -> bool {
        self.reach[from.index()][to.index() / 64] >> (to.index() % 64) & 1 == 1
    }

    pub fn loops(&self) -> impl Iterator<Item = (LoopId, &Loop)> {
        self.loops
            .iter()
            .enumerate()
            .map(|(i, l)| (LoopId::new(i), l))
    }

    pub fn get_loop(&self, l: LoopId) -> &Loop {
        &self.loops[l.index()]
    }

    /// The innermost loop of a block.
    pub fn loop_of(&self, b: BlockId) -> Option<LoopId> {
        self.loop_of[b.index()]
    }

    /// The loops around `l`, from `l` outwards.
    pub fn nest(&self, l: Option<LoopId>) -> impl Iterator<Item = LoopId> + '_ {
        std::iter::successors(l, |l| self.get_loop(*l).parent)
    }

    pub fn depth(&self, l: Option<LoopId>) -> u32 {
        l.map_or(0, |l| self.get_loop(l).depth)
    }

    /// Reflexive: whether `inner` is `outer` or inside it. Outside all loops contains everything.
    pub fn contains(&self, outer: Option<LoopId>, inner: Option<LoopId>) -> bool {
        outer.is_none() || self.nest(inner).any(|l| Some(l) == outer)
    }

    /// The innermost loop that holds both.
    pub fn common_loop(&self, a: Option<LoopId>, b: Option<LoopId>) -> Option<LoopId> {
        self.nest(a).find(|l| self.contains(Some(*l), b))
    }

    pub fn loop_with_header(&self, b: BlockId) -> Option<LoopId> {
        self.loop_of(b).filter(|l| self.get_loop(*l).header == b)
    }

    /// A block that a cycle is entered at without its header: not a natural loop.
    pub fn irreducible(&self) -> Option<BlockId> {
        self.irreducible
    }

    fn find_loops(&mut self, blocks: &[Block]) {
        // Post-order of headers: inner loops come before the loops around them.
        for &header in self.rpo.clone().iter().rev() {
            let mut latches = Vec::new();
            for &p in &blocks[header.index()].preds {
                if !self.is_reachable(p) {
                    continue;
                }
                if self.dominates(header, p) {
                    latches.push(p);
                } else if self.rpo_number[p.index()] >= self.rpo_number[header.index()] {
                    self.irreducible = Some(header);
                }
            }
            if latches.is_empty() {
                continue;
            }
            let id = LoopId::new(self.loops.len());
            self.loops.push(Loop {
                header,
                latches: latches.clone(),
                preheader: None,
                parent: None,
                depth: 0,
                blocks: Vec::new(),
            });
            let mut work = latches;
            let mut seen = vec![false; blocks.len()];
            seen[header.index()] = true;
            let mut members = vec![header];
            while let Some(b) = work.pop() {
                if std::mem::replace(&mut seen[b.index()], true) {
                    continue;
                }
                members.push(b);
                work.extend(
                    blocks[b.index()]
                        .preds
                        .iter()
                        .filter(|p| self.is_reachable(**p)),
                );
            }
            for &b in &members {
                match self.loop_of[b.index()] {
                    None => self.loop_of[b.index()] = Some(id),
                    Some(inner) => {
                        let mut outermost = inner;
                        while let Some(parent) = self.loops[outermost.index()].parent {
                            outermost = parent;
                        }
                        if outermost != id {
                            self.loops[outermost.index()].parent = Some(id);
                        }
                    }
                }
            }
            members.sort_by_key(|b| self.rpo_number[b.index()]);
            let outside: Vec<BlockId> = blocks[header.index()]
                .preds
                .iter()
                .copied()
                .filter(|p| self.is_reachable(*p) && !self.dominates(header, *p))
                .collect();
            let this = &mut self.loops[id.index()];
            this.blocks = members;
            this.preheader = match outside[..] {
                [only] if blocks[only.index()].succs.len() == 1 => Some(only),
                _ => None,
            };
        }
        for i in 0..self.loops.len() {
            let depth = self.nest(Some(LoopId::new(i))).count() as u32;
            self.loops[i].depth = depth;
        }
    }
}

fn reverse_post_order(blocks: &[Block]) -> Vec<BlockId> {
    let mut seen = vec![false; blocks.len()];
    let mut order = Vec::with_capacity(blocks.len());
    let mut stack = vec![(BlockId::new(0), 0usize)];
    seen[0] = true;
    while let Some((b, next)) = stack.last_mut() {
        let succs = &blocks[b.index()].succs;
        if let Some(&s) = succs.get(*next) {
            *next += 1;
            if !std::mem::replace(&mut seen[s.index()], true) {
                stack.push((s, 0));
            }
        } else {
            order.push(*b);
            stack.pop();
        }
    }
    order.reverse();
    order
}

fn dominators(blocks: &[Block], rpo: &[BlockId], number: &[u32]) -> Vec<Option<BlockId>> {
    let mut idom: Vec<Option<BlockId>> = vec![None; blocks.len()];
    let entry = rpo[0];
    idom[entry.index()] = Some(entry);
    let mut changed = true;
    while changed {
        changed = false;
        for &b in &rpo[1..] {
            let mut new: Option<BlockId> = None;
            for &p in &blocks[b.index()].preds {
                if number[p.index()] == NONE || idom[p.index()].is_none() {
                    continue;
                }
                new = Some(match new {
                    None => p,
                    Some(q) => intersect(p, q, &idom, number),
                });
            }
            if idom[b.index()] != new {
                idom[b.index()] = new;
                changed = true;
            }
        }
    }
    idom[entry.index()] = None;
    idom
}

fn intersect(mut a: BlockId, mut b: BlockId, idom: &[Option<BlockId>], number: &[u32]) -> BlockId {
    while a != b {
        while number[a.index()] > number[b.index()] {
            a = idom[a.index()].expect("processed blocks have dominators");
        }
        while number[b.index()] > number[a.index()] {
            b = idom[b.index()].expect("processed blocks have dominators");
        }
    }
    a
}

fn dominator_intervals(idom: &[Option<BlockId>], rpo: &[BlockId]) -> (Vec<u32>, Vec<u32>) {
    let mut children: Vec<Vec<BlockId>> = vec![Vec::new(); idom.len()];
    for &b in rpo {
        if let Some(parent) = idom[b.index()] {
            children[parent.index()].push(b);
        }
    }
    let mut enter = vec![0; idom.len()];
    let mut leave = vec![0; idom.len()];
    let mut clock = 0;
    let mut stack = vec![(rpo[0], false)];
    while let Some((b, done)) = stack.pop() {
        clock += 1;
        if done {
            leave[b.index()] = clock;
        } else {
            enter[b.index()] = clock;
            stack.push((b, true));
            stack.extend(children[b.index()].iter().map(|c| (*c, false)));
        }
    }
    (enter, leave)
}

fn live_blocks(blocks: &[Block], returns: &[bool]) -> Vec<bool> {
    let mut live = vec![false; blocks.len()];
    let mut work: Vec<BlockId> = (0..blocks.len())
        .filter(|i| returns[*i])
        .map(BlockId::new)
        .collect();
    while let Some(b) = work.pop() {
        if !std::mem::replace(&mut live[b.index()], true) {
            work.extend(blocks[b.index()].preds.iter().copied());
        }
    }
    live
}

fn reachability(blocks: &[Block], rpo: &[BlockId]) -> Vec<Vec<u64>> {
    let words = blocks.len().div_ceil(64);
    let mut reach = vec![vec![0u64; words]; blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &b in rpo.iter().rev() {
            let mut row = std::mem::take(&mut reach[b.index()]);
            for &s in &blocks[b.index()].succs {
                let bit = 1u64 << (s.index() % 64);
                changed |= row[s.index() / 64] & bit == 0;
                row[s.index() / 64] |= bit;
                if s != b {
                    for (mine, theirs) in row.iter_mut().zip(&reach[s.index()]) {
                        changed |= *theirs & !*mine != 0;
                        *mine |= *theirs;
                    }
                }
            }
            reach[b.index()] = row;
        }
    }
    reach
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[u32]]) -> (Vec<Block>, Vec<bool>) {
        let mut blocks: Vec<Block> = edges
            .iter()
            .map(|succs| Block {
                succs: succs.iter().map(|s| BlockId(*s)).collect(),
                ..Block::default()
            })
            .collect();
        for (b, succs) in edges.iter().enumerate() {
            for s in *succs {
                blocks[*s as usize].preds.push(BlockId::new(b));
            }
        }
        let returns = edges.iter().map(|s| s.is_empty()).collect();
        (blocks, returns)
    }

    #[test]
    fn nested_loops_have_parents_and_preheaders() {
        // 0 -> 1(outer) -> 2 -> 3(inner, self loop) -> 4 -> 1 | 5
        let (blocks, returns) = graph(&[&[1], &[2], &[3], &[3, 4], &[1, 5], &[]]);
        let cfg = Cfg::new(&blocks, &returns);
        let inner = cfg.loop_of(BlockId(3)).unwrap();
        let outer = cfg.loop_of(BlockId(1)).unwrap();
        assert_eq!(cfg.get_loop(inner).parent, Some(outer));
        assert_eq!(cfg.get_loop(inner).preheader, Some(BlockId(2)));
        assert_eq!(cfg.depth(Some(inner)), 2);
        assert_eq!(cfg.loop_of(BlockId(5)), None);
        assert!(cfg.dominates(BlockId(1), BlockId(5)));
        assert!(cfg.can_follow(BlockId(3), BlockId(3)));
        assert!(!cfg.can_follow(BlockId(5), BlockId(0)));
        assert_eq!(cfg.common_loop(Some(inner), Some(outer)), Some(outer));
    }

    #[test]
    fn a_cycle_with_two_entries_is_reported() {
        let (blocks, returns) = graph(&[&[1, 2], &[2], &[1, 3], &[]]);
        assert!(Cfg::new(&blocks, &returns).irreducible().is_some());
    }

    #[test]
    fn blocks_that_cannot_return_are_not_live() {
        let (blocks, mut returns) = graph(&[&[1, 2], &[], &[]]);
        returns[1] = false;
        let cfg = Cfg::new(&blocks, &returns);
        assert!(!cfg.is_live(BlockId(1)));
        assert!(cfg.is_live(BlockId(2)));
    }
}
