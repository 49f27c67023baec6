//! Stack memory of a size known at run time only (C's variable-length arrays and `alloca`), as heap memory: the
//! reverse sweep reads it after the function gave it back, and its frees can be put off as those of all heap
//! memory are.

use rustc_hash::FxHashSet;

use super::memory::intrinsics;
use crate::diag::{Code, Refusal};
use crate::llvm::{Block, Builder, Function, Opcode, Value};

/// What `malloc` promises on the targets that there are.
const ALIGNMENT: u64 = 16;

/// Replaces one alloca by `malloc`, and by `free` wherever the stack is cut back or the function left. A call
/// that unwinds through this function leaks it.
pub fn move_to_heap(f: Function, alloca: Value) -> Result<(), Refusal> {
    let refuse = |why: &str| {
        Refusal::new(
            Code::UnsupportedInstruction,
            "stack memory of a size known at run time only (a variable-length array or `alloca`)",
        )
        .at_value(alloca)
        .why(why)
        .help("allocate it on the heap, or give it a constant size")
    };
    if alloca.alignment() > ALIGNMENT {
        return Err(refuse("its alignment is more than `malloc` gives"));
    }
    let ends: Vec<Value> = intrinsics(f, "llvm.stackrestore")
        .into_iter()
        .filter(|r| r.arg(0).is_instruction() && dominates(f, r.arg(0), alloca))
        .collect();
    if repeats_without(alloca, &ends) {
        return Err(refuse(
            "a loop around it takes more and more of it, which the reverse sweep would have to keep",
        ));
    }
    let module = f.module();
    let context = f.context();
    let (ptr, i64t) = (context.ptr_type(), context.i64_type());
    let malloc = module
        .function("malloc")
        .unwrap_or_else(|| module.add_function("malloc", ptr.function_type(&[i64t], false)));
    let free = module.function("free").unwrap_or_else(|| {
        module.add_function("free", context.void_type().function_type(&[ptr], false))
    });

    let b = Builder::before(alloca);
    b.set_debug_loc(alloca.debug_loc());
    // The slot holds what is to be freed: null before the alloca and after its end.
    let slot = b.entry_alloca(ptr, "heap");
    let start = Builder::new(context);
    start.position_after(slot);
    start.store(ptr.const_null(), slot, 0, false);
    let count = alloca.alloca_count();
    let count = match count.ty().int_width() {
        Some(64) => count,
        Some(bits) if bits < 64 => b.cast(Opcode::ZExt, count, i64t),
        _ => b.cast(Opcode::Trunc, count, i64t),
    };
    let size = i64t.const_int(module.abi_size(alloca.allocated_type()));
    let bytes = b.binary(Opcode::Mul, count, size);
    let heap = b.call_function(malloc, &[bytes]);
    b.store(heap, slot, 0, false);
    alloca.replace_all_uses_with(heap);
    alloca.erase_from_parent();

    let leaves = f
        .blocks()
        .into_iter()
        .filter_map(Block::terminator)
        .filter(|t| t.is_op(Opcode::Ret) || t.is_op(Opcode::Resume));
    for end in leaves.chain(ends.iter().copied()).collect::<Vec<_>>() {
        let b = Builder::before(end);
        b.set_debug_loc(end.debug_loc());
        let old = b.load(ptr, slot, 0, false);
        b.call_function(free, &[old]);
        b.store(ptr.const_null(), slot, 0, false);
    }
    Ok(())
}

fn position(i: Value) -> (Block, usize) {
    let block = i.parent_block().expect("instructions have blocks");
    let at = block.instructions().iter().position(|x| *x == i);
    (block, at.expect("an instruction is in its block"))
}

fn dominates(f: Function, first: Value, then: Value) -> bool {
    let ((a, i), (b, k)) = (position(first), position(then));
    if a == b {
        return i < k;
    }
    a == f.entry() || !reaches(vec![f.entry()], b, |block| block == a)
}

/// Whether control can come back to `alloca` without passing one of `ends`.
fn repeats_without(alloca: Value, ends: &[Value]) -> bool {
    let (home, at) = position(alloca);
    let places: Vec<(Block, usize)> = ends.iter().map(|e| position(*e)).collect();
    if places.iter().any(|(b, i)| *b == home && *i > at) {
        return false;
    }
    let ended = |block: Block| places.iter().any(|(b, _)| *b == block);
    reaches(home.successors(), home, ended)
}

/// Whether `to` is reached from one of `from`, other than through blocks at which `stop` says to.
fn reaches(from: Vec<Block>, to: Block, stop: impl Fn(Block) -> bool) -> bool {
    let mut seen = FxHashSet::default();
    let mut work = from;
    while let Some(block) = work.pop() {
        if stop(block) || !seen.insert(block) {
            continue;
        }
        if block == to {
            return true;
        }
        work.extend(block.successors());
    }
    false
}
