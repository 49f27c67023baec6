//! Writes LLVM IR: forward sweep, reverse sweep, forward mode, split mode.
//!
//! `emit` decides nothing: what is active, what is kept and which way to walk were decided before. A
//! derivative is a clone of the frozen template with more instructions in it.

pub mod adjoint;
pub mod arith;
pub mod atomic;
pub mod bits;
pub mod bulk;
pub mod cache;
pub mod calls;
pub mod custom;
pub mod forward;
pub mod function_shadow;
pub mod globals;
pub mod guard;
pub mod indirect;
mod integers;
pub mod leaves;
pub mod lookup;
pub mod pieces;
pub mod reverse;
pub mod runtime;
mod scopes;
pub mod shadow;
mod unwinding;
pub mod words;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::analysis::activity::Activity;
use crate::analysis::cells::Cells;
use crate::analysis::clobber::Clobber;
use crate::diag::{Code, Refusal};
use crate::ir::build::Snapshot;
use crate::ir::{BlockId, Body, Def, ValueId};
use crate::llvm::{Block, Builder, Context, Function, Module, Opcode, Type, Value};
use crate::prepare::declared;

/// What the stages before found out about one function.
pub struct Facts {
    pub module: Module,
    pub snapshot: Rc<Snapshot>,
    pub cells: Cells,
    pub act: Activity,
    pub clobber: Clobber,
    /// How many shadows each value has.
    pub width: u32,
    /// See [`crate::marker::request::Signature::runtime_activity`].
    pub runtime_activity: bool,
    /// See [`crate::marker::request::Signature::strong_zero`].
    pub strong_zero: bool,
}

impl Facts {
    pub fn body(&self) -> &Body {
        &self.snapshot.body
    }

    pub fn context(&self) -> Context {
        self.module.context()
    }

    /// The template's value.
    pub fn llvm(&self, v: ValueId) -> Value {
        self.snapshot.llvm[v.index()]
    }

    pub fn llvm_ty(&self, v: ValueId) -> Type {
        self.llvm(v).ty()
    }

    pub fn id(&self, v: Value) -> Option<ValueId> {
        self.snapshot.ids.get(&v).copied()
    }

    /// A function is its own shadow, as a constant is: what is called is found by the primal's pointer.
    pub fn has_shadow(&self, v: ValueId) -> bool {
        let own = matches!(
            self.body().value(v).def,
            Def::Const(_) | Def::Function { .. }
        );
        !own && self.act.has_shadow_pointer(&self.cells, v)
    }

    /// How the shadow of what instruction `v` accesses is aligned. The primal may have looked where its memory lies and
    /// gone on with wide accesses; its shadow lies elsewhere, and is aligned as its scalars need it.
    pub fn shadow_align(&self, v: ValueId) -> u64 {
        let inst = self.llvm(v);
        let ty = match inst.is_op(Opcode::Store) {
            true => inst.operand(0).ty(),
            false => inst.ty(),
        };
        let scalar = u64::from(self.module.abi_align(ty.scalar()));
        inst.alignment().clamp(1, scalar.max(1))
    }

    /// The memory behind a pointer has a shadow.
    pub fn is_shadowed_memory(&self, ptr: ValueId) -> bool {
        self.cells
            .target(ptr, 0)
            .is_some_and(|(n, _)| self.act.has_shadow(n))
    }

    pub fn refuse(&self, v: ValueId, code: Code, what: impl Into<String>) -> Refusal {
        Refusal::new(code, what).at_value(self.llvm(v))
    }
}

/// A clone of the template in the making, and where each of the template's values went.
pub struct Copy {
    pub function: Function,
    /// Allocas and what must precede everything go here, before the branch that ends it.
    pub start: Block,
    map: FxHashMap<Value, Value>,
}

impl Copy {
    /// Clones the template into `function`, whose parameters `args` take the place of the template's.
    pub fn new(template: Function, function: Function, args: &[Value]) -> Copy {
        let pairs = template.clone_body_into(function, args);
        declared::forget(function);
        let map: FxHashMap<Value, Value> = pairs.into_iter().collect();
        let entry = function.entry();
        let start = entry.insert_before("start");
        let b = Builder::at_end(start);
        for inst in entry.instructions() {
            if inst.is_static_alloca() || inst.is_op(Opcode::Alloca) {
                inst.remove_from_parent();
                b.insert(inst);
            }
        }
        b.br(entry);
        Copy {
            function,
            start,
            map,
        }
    }

    /// A builder at the end of the start block.
    pub fn at_start(&self) -> Builder {
        Builder::before(
            self.start
                .terminator()
                .expect("the start block ends in a branch"),
        )
    }

    pub fn value(&self, facts: &Facts, v: ValueId) -> Value {
        let old = facts.llvm(v);
        self.map.get(&old).copied().unwrap_or(old)
    }

    pub fn block(&self, facts: &Facts, b: BlockId) -> Block {
        let old = facts.snapshot.llvm_blocks[b.index()].as_value();
        self.map[&old]
            .as_block()
            .expect("blocks are cloned to blocks")
    }

    /// From now on `v` is `new`.
    pub fn replace(&mut self, facts: &Facts, v: ValueId, new: Value) {
        self.map.insert(facts.llvm(v), new);
    }

    /// A builder at the first place where the value of instruction `v` can be used: after it; for an
    /// invoke, on its normal path.
    pub fn after(&self, facts: &Facts, v: ValueId) -> Builder {
        let inst = self.value(facts, v);
        if inst.is_op(Opcode::Phi) {
            return Builder::after_phis(inst.parent_block().expect("instructions have blocks"));
        }
        if inst.is_op(Opcode::Invoke) {
            return Builder::after_phis(inst.normal_dest());
        }
        match inst.next() {
            Some(next) => Builder::before(next),
            None => Builder::at_end(inst.parent_block().expect("instructions have blocks")),
        }
    }
}

/// A stack slot of our own, first in the start block, so that everything in that block can use it.
pub fn slot(start: Block, ty: Type, name: &str) -> Value {
    let b = Builder::before(
        start
            .first_instruction()
            .expect("the start block ends in a branch"),
    );
    let one = ty.context().i32_type().const_int(1);
    let slot = b.array_alloca(ty, one);
    slot.set_name(name);
    slot
}

/// The largest power of two up to 16 that divides a size.
pub fn align_for(bytes: u64) -> u64 {
    if bytes == 0 {
        1
    } else {
        (bytes & bytes.wrapping_neg()).min(16)
    }
}
