//! Counters: each loop counts its iterations, says how many there were when it is left, and, where it
//! can be known, how many there will be before it starts. Merges record where they were entered from.

use rustc_hash::{FxHashMap, FxHashSet};

use super::PreparedLoop;
use super::inline::returning_blocks;
use crate::diag::{Code, Refusal};
use crate::llvm::{Block, Builder, Function, Opcode, TripCount, Value};

/// Gives each invoke's normal path a block of its own, so that there is a place for "after the call".
pub fn isolate_invokes(f: Function) {
    for block in f.blocks() {
        let Some(invoke) = block.terminator().filter(|t| t.is_op(Opcode::Invoke)) else {
            continue;
        };
        let normal = invoke.normal_dest();
        if normal.predecessors().len() == 1 {
            continue;
        }
        let between = normal.insert_before("invoke.done");
        Builder::at_end(between).br(normal);
        invoke.set_successor(0, between);
        for phi in normal.phis() {
            for (k, (_, from)) in phi.incoming().into_iter().enumerate() {
                if from == block {
                    phi.set_incoming_block(k as u32, between);
                }
            }
        }
    }
}

/// Gives each invoke whose exception is caught here a block of its own: when it throws, the reverse sweep has what is
/// before it to reverse, but not the call.
pub fn isolate_caught(f: Function) {
    let live = returning_blocks(f);
    for block in f.blocks() {
        let Some(invoke) = block.terminator().filter(|t| t.is_op(Opcode::Invoke)) else {
            continue;
        };
        let alone = block.first_instruction() == Some(invoke) && block.predecessors().len() == 1;
        if live.contains(&invoke.unwind_dest()) && !alone {
            block.split_before(invoke, "invoke");
        }
    }
}

struct Shape {
    header: Block,
    blocks: FxHashSet<Block>,
    latch: Block,
    /// Edges out of the loop to blocks from which the function can return.
    exits: Vec<(Block, Block)>,
}

/// Blocks, and the phis that record where they were entered from.
type Records = Vec<(Block, Value)>;

/// Puts the counters and the records of predecessors in.
pub fn count(f: Function) -> Result<(Vec<PreparedLoop>, Records), Refusal> {
    let live = returning_blocks(f);
    let shapes = shapes(f, &live)?;
    // First all expansions of trip counts, since they may need the loops as SCEV knows them.
    let mut counts: Vec<Option<TripCount>> = vec![None; shapes.len()];
    let mut single = Vec::new();
    for (k, s) in shapes.iter().enumerate() {
        let mut exiting: Vec<Block> = s.exits.iter().map(|(from, _)| *from).collect();
        exiting.dedup();
        if let [only] = exiting[..] {
            single.push((k, (s.header, only)));
        }
    }
    let exits: Vec<(Block, Block)> = single.iter().map(|(_, exit)| *exit).collect();
    for ((k, _), count) in single.iter().zip(f.expand_trip_counts(&exits)) {
        counts[*k] = count;
    }
    let mut loops = Vec::new();
    for (s, count) in shapes.iter().zip(counts) {
        let i64t = f.context().i64_type();
        let first = s
            .header
            .first_instruction()
            .expect("blocks have terminators");
        let iv = Builder::before(first).phi(i64t);
        iv.set_name("iv");
        let end = s.latch.terminator().expect("blocks have terminators");
        let next = Builder::before(end).binary(Opcode::Add, iv, i64t.const_int(1));
        next.set_name("iv.next");
        for p in edges_into(s.header) {
            let value = if s.blocks.contains(&p) {
                next
            } else {
                i64t.const_int(0)
            };
            iv.add_incoming(value, p);
        }
        let mut exit_counts = Vec::new();
        let mut targets: Vec<Block> = s.exits.iter().map(|(_, to)| *to).collect();
        targets.sort_by_key(|b| b.id());
        targets.dedup();
        for to in targets {
            let first = to.first_instruction().expect("blocks have terminators");
            let phi = Builder::before(first).phi(i64t);
            phi.set_name("iv.exit");
            for p in edges_into(to) {
                let value = if s.blocks.contains(&p) {
                    iv
                } else {
                    i64t.const_int(0)
                };
                phi.add_incoming(value, p);
            }
            exit_counts.push((to, phi));
        }
        loops.push(PreparedLoop {
            header: s.header,
            iv,
            count,
            exit_counts,
        });
    }
    let headers: FxHashSet<Block> = shapes.iter().map(|s| s.header).collect();
    Ok((loops, record_predecessors(f, &live, &headers)))
}

/// The predecessors once for each edge, which is what a phi wants.
fn edges_into(b: Block) -> Vec<Block> {
    let mut from = Vec::new();
    let mut seen = FxHashSet::default();
    for p in b.predecessors() {
        if seen.insert(p) {
            let end = p.terminator().expect("blocks have terminators");
            from.extend(end.successors().iter().filter(|s| **s == b).map(|_| p));
        }
    }
    from
}

fn record_predecessors(
    f: Function,
    live: &FxHashSet<Block>,
    headers: &FxHashSet<Block>,
) -> Vec<(Block, Value)> {
    let mut which = Vec::new();
    for b in f.blocks() {
        let edges = edges_into(b);
        let mut distinct: Vec<Block> = Vec::new();
        for p in &edges {
            if !distinct.contains(p) {
                distinct.push(*p);
            }
        }
        let returning = distinct.iter().filter(|p| live.contains(p)).count();
        if !live.contains(&b) || returning < 2 || headers.contains(&b) {
            continue;
        }
        let ty = if distinct.len() < 256 {
            f.context().i8_type()
        } else {
            f.context().i32_type()
        };
        let first = b.first_instruction().expect("blocks have terminators");
        let phi = Builder::before(first).phi(ty);
        phi.set_name("from");
        let numbers: FxHashMap<Block, u64> = distinct
            .iter()
            .enumerate()
            .map(|(k, p)| (*p, k as u64))
            .collect();
        for p in edges {
            phi.add_incoming(ty.const_int(numbers[&p]), p);
        }
        which.push((b, phi));
    }
    which
}

fn shapes(f: Function, live: &FxHashSet<Block>) -> Result<Vec<Shape>, Refusal> {
    let mut shapes = Vec::new();
    for l in f.natural_loops() {
        let mut blocks: FxHashSet<Block> = l.blocks.iter().copied().collect();
        blocks.insert(l.header);
        let preds = {
            let mut preds = l.header.predecessors();
            preds.sort_by_key(|b| b.id());
            preds.dedup();
            preds
        };
        let (inside, outside): (Vec<Block>, Vec<Block>) =
            preds.into_iter().partition(|p| blocks.contains(p));
        let ([latch], [_]) = (&inside[..], &outside[..]) else {
            let at = l.header.terminator().expect("blocks have terminators");
            return Err(Refusal::new(
                Code::ControlFlow,
                "a loop that could not be given one entry and one back edge",
            )
            .at_value(at)
            .why("the reverse sweep has to walk it backwards")
            .help("rewrite the loop without computed jumps into it"));
        };
        let mut exits = Vec::new();
        for b in &l.blocks {
            let end = b.terminator().expect("blocks have terminators");
            for s in end.successors() {
                if !blocks.contains(&s) && live.contains(&s) {
                    exits.push((*b, s));
                }
            }
        }
        exits.sort_by_key(|(from, to)| (from.id(), to.id()));
        exits.dedup();
        shapes.push(Shape {
            header: l.header,
            blocks,
            latch: *latch,
            exits,
        });
    }
    Ok(shapes)
}
