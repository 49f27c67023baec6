//! Requests to and answers from `driver.c`: the memory of one run, filled from plain vectors of numbers and
//! read back into them.

use super::header::Diff;
use super::layout::{ArgKind, Cell, Scalar};
use super::wrappers::Mode;

/// Where an active float lives: in an argument slot, or in a cell of a buffer argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Slot(usize),
    Cell { arg: usize, offset: usize },
}

/// An active input of the differentiated function.
#[derive(Clone, Debug)]
pub struct Input {
    pub place: Place,
    pub scalar: Scalar,
    pub value: f64,
    /// As a reader of the header would write it: `x`, `p[3]` (counting float cells only).
    pub name: String,
}

/// The active inputs in order; every function of this module indexes vectors by this order.
pub fn inputs(diff: &Diff) -> Vec<Input> {
    let mut list = Vec::new();
    for (index, arg) in diff.args.iter().enumerate() {
        match &arg.kind {
            ArgKind::Active { scalar, value } => list.push(Input {
                place: Place::Slot(index),
                scalar: *scalar,
                value: *value,
                name: arg.name.clone(),
            }),
            ArgKind::Buffer(buffer) if buffer.active => {
                let floats = buffer
                    .places()
                    .into_iter()
                    .zip(&buffer.cells)
                    .filter(|((_, scalar), _)| scalar.is_float());
                for (number, ((offset, scalar), cell)) in floats.enumerate() {
                    let Cell::Number(value) = cell else {
                        unreachable!("the parser gives float fields numbers only")
                    };
                    list.push(Input {
                        place: Place::Cell { arg: index, offset },
                        scalar,
                        value: *value,
                        name: format!("{}[{number}]", arg.name),
                    });
                }
            }
            _ => {}
        }
    }
    list
}

/// One call of a wrapper with all its memory.
#[derive(Clone, Debug)]
pub struct Run {
    pub mode: Mode,
    function: u64,
    blocks: Vec<Vec<u8>>,
    relocations: Vec<[u64; 4]>,
}

/// Block of a buffer argument: the slots come first, then primal and shadow of each argument. An argument
/// without memory has empty blocks, which keeps the numbering simple.
fn block_of(arg: usize, shadow: bool) -> usize {
    2 + 2 * arg + usize::from(shadow)
}

/// Memory for a run of `mode`: the primal inputs hold `values`, their shadows `shadows`.
pub fn build(index: usize, diff: &Diff, mode: Mode, values: &[f64], shadows: &[f64]) -> Run {
    let slots = 8 * (diff.args.len() + diff.ret.len());
    let mut blocks = vec![vec![0u8; slots], vec![0u8; slots]];
    let mut relocations = Vec::new();
    for (arg_index, arg) in diff.args.iter().enumerate() {
        let (mut primal, mut shadow) = (Vec::new(), Vec::new());
        let slot = 8 * arg_index;
        let mut pointed = None;
        match &arg.kind {
            ArgKind::Active { .. } => {}
            ArgKind::Constant { scalar, value } => scalar.store(*value, &mut blocks[0][slot..]),
            ArgKind::Alias(target) => pointed = Some(*target),
            ArgKind::Buffer(buffer) => {
                pointed = Some(arg_index);
                primal = vec![0u8; buffer.size()];
                if buffer.active {
                    shadow = vec![0u8; buffer.size()];
                }
                for ((offset, scalar), cell) in buffer.places().into_iter().zip(&buffer.cells) {
                    match cell {
                        Cell::Number(value) => scalar.store(*value, &mut primal[offset..]),
                        Cell::Null => {}
                        Cell::Address(name, addend) => {
                            let target = diff
                                .position(name)
                                .expect("the parser checked that the target exists");
                            // The shadow of a pointer to constant memory is the pointer itself.
                            let shadowed = diff.is_active_buffer(name);
                            for side in [false, true] {
                                if !side || buffer.active {
                                    relocations.push([
                                        block_of(arg_index, side) as u64,
                                        offset as u64,
                                        block_of(target, side && shadowed) as u64,
                                        *addend as u64,
                                    ]);
                                }
                            }
                        }
                    }
                }
            }
        }
        if let Some(target) = pointed {
            for side in [false, true] {
                relocations.push([
                    u64::from(side),
                    slot as u64,
                    block_of(target, side) as u64,
                    0,
                ]);
            }
        }
        blocks.push(primal);
        blocks.push(shadow);
    }
    for (number, input) in inputs(diff).iter().enumerate() {
        match input.place {
            Place::Slot(arg) => {
                input
                    .scalar
                    .store(values[number], &mut blocks[0][8 * arg..]);
                if mode == Mode::Forward {
                    input
                        .scalar
                        .store(shadows[number], &mut blocks[1][8 * arg..]);
                }
            }
            Place::Cell { arg, offset } => {
                let primal = &mut blocks[block_of(arg, false)][offset..];
                input.scalar.store(values[number], primal);
                let shadow = &mut blocks[block_of(arg, true)][offset..];
                input.scalar.store(shadows[number], shadow);
            }
        }
    }
    Run {
        mode,
        function: mode.table_index(index),
        blocks,
        relocations,
    }
}

/// The request file for these runs.
pub fn request(runs: &[Run]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let number = |n: u64, bytes: &mut Vec<u8>| bytes.extend_from_slice(&n.to_le_bytes());
    number(runs.len() as u64, &mut bytes);
    for run in runs {
        number(run.function, &mut bytes);
        number(run.blocks.len() as u64, &mut bytes);
        for block in &run.blocks {
            number(block.len() as u64, &mut bytes);
            bytes.extend_from_slice(block);
        }
        number(run.relocations.len() as u64, &mut bytes);
        for relocation in &run.relocations {
            for field in relocation {
                number(*field, &mut bytes);
            }
        }
    }
    bytes
}

/// The memory of one run after it.
#[derive(Clone, Debug)]
pub struct Answer {
    blocks: Vec<Vec<u8>>,
}

/// Splits the answer file; fewer answers than runs mean that the program died in the run that follows.
pub fn answers(runs: &[Run], mut bytes: &[u8]) -> Vec<Answer> {
    let mut list = Vec::new();
    for run in runs {
        let total: usize = run.blocks.iter().map(Vec::len).sum();
        if bytes.len() < total {
            break;
        }
        let mut blocks = Vec::with_capacity(run.blocks.len());
        for block in &run.blocks {
            let (head, rest) = bytes.split_at(block.len());
            blocks.push(head.to_vec());
            bytes = rest;
        }
        list.push(Answer { blocks });
    }
    list
}

impl Answer {
    /// Values (or, in the shadow, derivatives) at the inputs' places after the run.
    pub fn at_inputs(&self, inputs: &[Input], shadow: bool) -> Vec<f64> {
        inputs
            .iter()
            .map(|input| {
                let bytes = match input.place {
                    Place::Slot(arg) => &self.blocks[usize::from(shadow)][8 * arg..],
                    Place::Cell { arg, offset } => &self.blocks[block_of(arg, shadow)][offset..],
                };
                input.scalar.load_float(bytes)
            })
            .collect()
    }

    /// The float scalars of the result (or of its tangent).
    pub fn result(&self, diff: &Diff, shadow: bool) -> Vec<f64> {
        let block = &self.blocks[usize::from(shadow)];
        let first = diff.args.len();
        diff.ret
            .iter()
            .enumerate()
            .filter(|(_, scalar)| scalar.is_float())
            .map(|(index, scalar)| scalar.load_float(&block[8 * (first + index)..]))
            .collect()
    }

    /// Everything but addresses that the primal leaves in memory, as `(name, scalar, bytes)`.
    pub fn primal_memory(&self, diff: &Diff) -> Vec<(String, Scalar, Vec<u8>)> {
        let mut list = Vec::new();
        for (arg_index, arg) in diff.args.iter().enumerate() {
            let ArgKind::Buffer(buffer) = &arg.kind else {
                continue;
            };
            if buffer.no_need {
                continue;
            }
            let block = &self.blocks[block_of(arg_index, false)];
            for (cell, (offset, scalar)) in buffer.places().into_iter().enumerate() {
                if scalar != Scalar::Ptr {
                    list.push((
                        format!("{} cell {cell}", arg.name),
                        scalar,
                        block[offset..offset + scalar.size()].to_vec(),
                    ));
                }
            }
        }
        list
    }
}
