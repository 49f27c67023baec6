//! Inlines the cone: every call with a body that is not recursive, not `noinline` by request, and not too large.
//! What stays is differentiated on its own, in split mode.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{PROMOTE, calls, memory};
use crate::diag::Refusal;
use crate::ir::Callee;
use crate::ir::build::classify;
use crate::llvm::{AttrIndex, Block, Function, Opcode, Value};
use crate::prepare::indirect::is_called;
use crate::registry;

/// Callees past this many instructions stay calls, unless they are called from one place only.
const LARGE: usize = 2_000;
/// The prepared function does not grow past this many instructions.
const TOTAL: usize = 30_000;

/// What inlining knows of the module's functions, found out once for each.
#[derive(Debug, Default)]
pub struct Bodies {
    recursive: FxHashMap<Function, bool>,
    sizes: FxHashMap<Function, usize>,
    /// Functions that were compiled without optimisation, and what is inlined in their place: a copy with its own
    /// callees inlined, in SSA form. `None` while it is made.
    simple: FxHashMap<Function, Option<Function>>,
    copies: FxHashSet<Function>,
}

impl Bodies {
    pub fn is_copy(&self, f: Function) -> bool {
        self.copies.contains(&f)
    }

    /// Removes the copies.
    pub fn drop_copies(&mut self) {
        for (_, copy) in self.simple.drain() {
            if let Some(copy) = copy {
                copy.replace_all_uses_with(copy.as_value().ty().poison());
                copy.erase();
            }
        }
    }

    /// The body to inline for `f`. Thousands of small functions without optimisation, each a few times as long as it need
    /// be, are shortened before they are put together, not after.
    fn body(&mut self, f: Function) -> Result<Function, Refusal> {
        if !f.has_attribute(AttrIndex::Function, "optnone") {
            return Ok(f);
        }
        if let Some(known) = self.simple.get(&f) {
            return Ok(known.unwrap_or(f));
        }
        self.simple.insert(f, None);
        let copy = f.clone_into(&format!("{}.simple", f.name())).function;
        copy.remove_attribute(AttrIndex::Function, "optnone");
        copy.remove_attribute(AttrIndex::Function, "noinline");
        let result = self.simplify(f, copy);
        if result.is_err() {
            self.simple.remove(&f);
            copy.erase();
        }
        result?;
        self.simple.insert(f, Some(copy));
        self.copies.insert(copy);
        Ok(copy)
    }

    fn simplify(&mut self, original: Function, copy: Function) -> Result<(), Refusal> {
        let passes = |list: &str| {
            copy.run_passes(list)
                .map_err(|why| Refusal::internal(&format!("LLVM's passes failed: {why}")))
        };
        copy.remove_unreachable_blocks();
        copy.drop_debug_records();
        calls::drop_tail_calls(copy);
        memory::drop_lifetimes(copy);
        passes(PROMOTE)?;
        inline_cone(original, copy, self)?;
        memory::drop_lifetimes(copy);
        passes(PROMOTE)
    }

    fn size(&mut self, f: Function) -> usize {
        *self
            .sizes
            .entry(f)
            .or_insert_with(|| f.instructions().len())
    }

    /// Whether a function can come to call itself through direct calls. The strongly connected components of what it
    /// reaches are found in one go (Tarjan 1972).
    pub fn is_recursive(&mut self, f: Function) -> bool {
        if let Some(answer) = self.recursive.get(&f) {
            return *answer;
        }
        struct Visit {
            f: Function,
            callees: Vec<Function>,
            next: usize,
        }
        let visit = |f: Function| Visit {
            f,
            callees: callees(f),
            next: 0,
        };
        let mut number: FxHashMap<Function, usize> = FxHashMap::default();
        let mut low: FxHashMap<Function, usize> = FxHashMap::default();
        let mut stack = vec![f];
        number.insert(f, 0);
        low.insert(f, 0);
        let mut path = vec![visit(f)];
        while let Some(top) = path.last_mut() {
            let here = top.f;
            if let Some(&callee) = top.callees.get(top.next) {
                top.next += 1;
                if self.recursive.contains_key(&callee) {
                    continue;
                }
                if let Some(seen) = number.get(&callee) {
                    let lower = low[&here].min(*seen);
                    low.insert(here, lower);
                } else {
                    low.insert(callee, number.len());
                    number.insert(callee, number.len());
                    stack.push(callee);
                    path.push(visit(callee));
                }
                continue;
            }
            let to_itself = top.callees.contains(&here);
            path.pop();
            if let Some(below) = path.last() {
                let lower = low[&below.f].min(low[&here]);
                low.insert(below.f, lower);
            }
            if low[&here] == number[&here] {
                let at = stack
                    .iter()
                    .rposition(|g| *g == here)
                    .expect("on the stack");
                let component = stack.split_off(at);
                let cyclic = component.len() > 1 || to_itself;
                self.recursive
                    .extend(component.into_iter().map(|g| (g, cyclic)));
            }
        }
        self.recursive[&f]
    }
}

/// The functions with bodies that `f` calls by name.
fn callees(f: Function) -> Vec<Function> {
    let mut seen = FxHashSet::default();
    let is_call = |i: &Value| i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke);
    f.instructions()
        .into_iter()
        .filter(is_call)
        .filter_map(Value::called_function)
        .filter(|g| !g.is_declaration() && seen.insert(*g))
        .collect()
}

/// Inlines into `f`, which is a clone of `original`.
pub fn inline_cone(original: Function, f: Function, bodies: &mut Bodies) -> Result<(), Refusal> {
    let mut size = f.instructions().len();
    let mut candidates = f.instructions();
    loop {
        let returning = returning_blocks(f);
        let mut calls = Vec::new();
        for i in candidates {
            if (i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke))
                && i.parent_block().is_some_and(|b| returning.contains(&b))
                && let Some(callee) = inlinable(i, original, caught(i, &returning), bodies)
            {
                calls.push((i, callee));
            }
        }
        let mut inlined = Vec::new();
        for (call, callee) in calls {
            let body = bodies.body(callee)?;
            let cost = bodies.size(body);
            if (cost > LARGE && callee.users().len() > 2) || size + cost > TOTAL {
                continue;
            }
            if call.is_op(Opcode::Call) {
                call.set_tail_call(crate::llvm::TailCall::None);
            }
            let operand = call.num_operands() - 1;
            call.set_operand(operand, body.as_value());
            match call.inline_call() {
                Ok(new) => {
                    size += cost;
                    inlined.extend(new);
                }
                Err(_) => call.set_operand(operand, callee.as_value()),
            }
        }
        if inlined.is_empty() {
            return Ok(());
        }
        candidates = inlined;
    }
}

/// What throws is inlined even so where the exception is caught: how far a call came before it threw can't be told from
/// outside.
fn caught(call: Value, returning: &FxHashSet<Block>) -> bool {
    call.is_invoke() && returning.contains(&call.unwind_dest())
}

fn inlinable(
    call: Value,
    original: Function,
    caught: bool,
    bodies: &mut Bodies,
) -> Option<Function> {
    let callee = call.called_function()?;
    // What a variadic function is handed beyond its named parameters it does not look at, or it is refused below.
    if !matches!(classify(call), Callee::Defined { .. }) || !callee.has_exact_body() {
        return None;
    }
    if registry::is_custom(callee) || is_called(callee) {
        return None;
    }
    // An allocator that is no longer recognised, because LLVM specialised it and dropped `allocsize`, is no
    // more than the allocators that it calls.
    let allocator = callee.alloc_kind().is_some();
    // At -O0 every function is `noinline optnone`, which says nothing about this one.
    let unoptimised = callee.has_attribute(AttrIndex::Function, "optnone");
    let noinline = callee.has_attribute(AttrIndex::Function, "noinline") && !unoptimised
        || call
            .call_attributes(AttrIndex::Function)
            .iter()
            .any(|a| a.name() == "noinline");
    if (noinline && !allocator && !caught)
        || callee.has_attribute(AttrIndex::Function, "returns_twice")
        || callee == original
        || super::calls::refuse_odd(callee).is_err()
    {
        return None;
    }
    (!bodies.is_recursive(callee)).then_some(callee)
}

/// The blocks from which `f` can return.
pub fn returning_blocks(f: Function) -> FxHashSet<Block> {
    let mut live = FxHashSet::default();
    let mut work: Vec<Block> = f
        .blocks()
        .into_iter()
        .filter(|b| b.terminator().is_some_and(|t| t.is_op(Opcode::Ret)))
        .collect();
    while let Some(b) = work.pop() {
        if live.insert(b) {
            work.extend(b.predecessors());
        }
    }
    live
}
