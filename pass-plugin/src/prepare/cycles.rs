//! Cycles with several entries (irreducible control flow: jumps into loops, Duff's device) get one: a block that
//! all ways in and all ways back pass through, and that branches on where they were going.
//!
//! Own work rather than LLVM's pass `fix-irreducible`, which crashes on `switch` and loses edges of nested cycles
//! whose sources branch to two entries.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::llvm::{Block, Builder, Function, Opcode, Value};

/// Makes all cycles loops with one entry each, but for those that are entered by a landing pad or a computed jump:
/// the engine refuses what is left.
pub fn make_reducible(f: Function) {
    f.remove_unreachable_blocks();
    let mut regions = vec![f.blocks()];
    while let Some(region) = regions.pop() {
        for cycle in cycles(&region) {
            let members: FxHashSet<Block> = cycle.iter().copied().collect();
            let entries: Vec<Block> = cycle
                .iter()
                .copied()
                .filter(|b| b.predecessors().iter().any(|p| !members.contains(p)))
                .collect();
            match entries[..] {
                [header] => regions.push(cycle.into_iter().filter(|b| *b != header).collect()),
                _ if can_redirect(&entries) => {
                    enter_at_one_place(f, &entries);
                    regions.push(cycle);
                }
                _ => {}
            }
        }
    }
}

/// The strongly connected components of a part of the graph that have an edge (Tarjan 1972, without recursion).
fn cycles(region: &[Block]) -> Vec<Vec<Block>> {
    struct Visit {
        block: usize,
        successors: Vec<usize>,
        next: usize,
    }
    let index: FxHashMap<Block, usize> = region.iter().enumerate().map(|(i, b)| (*b, i)).collect();
    let visit = |block: usize| Visit {
        block,
        successors: region[block]
            .successors()
            .iter()
            .filter_map(|s| index.get(s).copied())
            .collect(),
        next: 0,
    };
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; region.len()];
    let mut low = vec![0; region.len()];
    let mut open = vec![false; region.len()];
    let (mut stack, mut count, mut out) = (Vec::new(), 0, Vec::new());
    for root in 0..region.len() {
        if number[root] != UNSEEN {
            continue;
        }
        let mut path = vec![visit(root)];
        while let Some(top) = path.last_mut() {
            let b = top.block;
            if top.next == 0 && number[b] == UNSEEN {
                (number[b], low[b], open[b]) = (count, count, true);
                count += 1;
                stack.push(b);
            }
            if let Some(&s) = top.successors.get(top.next) {
                top.next += 1;
                if number[s] == UNSEEN {
                    path.push(visit(s));
                } else if open[s] {
                    low[b] = low[b].min(number[s]);
                }
                continue;
            }
            let to_itself = top.successors.contains(&b);
            path.pop();
            if let Some(below) = path.last() {
                low[below.block] = low[below.block].min(low[b]);
            }
            if low[b] == number[b] {
                let at = stack.iter().rposition(|x| *x == b).expect("b is open");
                let component = stack.split_off(at);
                for x in &component {
                    open[*x] = false;
                }
                if component.len() > 1 || to_itself {
                    out.push(component.into_iter().map(|x| region[x]).collect());
                }
            }
        }
    }
    out
}

/// Whether all edges to these blocks can be made to lead elsewhere.
fn can_redirect(entries: &[Block]) -> bool {
    entries.iter().all(|e| {
        let pad = e.instructions().iter().any(|i| i.is_op(Opcode::LandingPad));
        !pad && e.predecessors().into_iter().all(|p| {
            let end = p.terminator().expect("blocks have terminators");
            end.is_op(Opcode::Br) || end.is_op(Opcode::Switch) || end.is_op(Opcode::Invoke)
        })
    })
}

/// Leads all edges to `entries` through one new block. What was true of dominance stays true: a block outside of the
/// cycle that dominates one entry dominates them all, since each entry is reached from each other one.
fn enter_at_one_place(f: Function, entries: &[Block]) {
    let hub = entries[0].insert_before("cycle");
    let i32t = f.context().i32_type();
    let which = Builder::at_end(hub).phi(i32t);
    which.set_name("entry");
    // The edges, each from a block of its own: (source before, source now, number of the entry).
    let mut edges: Vec<(Block, Block, usize)> = Vec::new();
    for (k, entry) in entries.iter().enumerate() {
        let mut sources = entry.predecessors();
        sources.sort_by_key(|b| b.id());
        sources.dedup();
        for source in sources {
            let end = source.terminator().expect("blocks have terminators");
            let successors = end.successors();
            let from = if successors.len() == 1 && end.is_op(Opcode::Br) {
                end.set_successor(0, hub);
                source
            } else {
                let between = hub.insert_before("to.cycle");
                Builder::at_end(between).br(hub);
                for (i, s) in successors.iter().enumerate() {
                    if s == entry {
                        end.set_successor(i as u32, between);
                    }
                }
                between
            };
            edges.push((source, from, k));
        }
    }
    for (_, from, k) in &edges {
        which.add_incoming(i32t.const_int(*k as u64), *from);
    }
    for (k, entry) in entries.iter().enumerate() {
        for phi in entry.phis() {
            let moved = Builder::before(which).phi(phi.ty());
            for (source, from, to) in &edges {
                let value = match *to == k {
                    true => phi
                        .incoming_from(*source)
                        .expect("phis know all predecessors"),
                    false => phi.ty().poison(),
                };
                moved.add_incoming(value, *from);
            }
            replace_phi(phi, moved);
        }
    }
    let switch = Builder::at_end(hub).switch(which, entries[0], entries.len() as u32 - 1);
    for (k, entry) in entries.iter().enumerate().skip(1) {
        switch.add_case(i32t.const_int(k as u64), *entry);
    }
}

fn replace_phi(phi: Value, by: Value) {
    phi.replace_all_uses_with(by);
    phi.erase_from_parent();
}
