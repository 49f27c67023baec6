//! A read-only snapshot of one prepared function in Rust arenas: what every analysis sees.
//!
//! Invariants: the function is frozen while a [`Body`] of it is alive (nothing runs on it until
//! `emit` has cloned it); ids are dense; an instruction *is* a value, also when it is void; a block's
//! instructions are in execution order, phis first, the terminator last. Pointer arithmetic arrives
//! split into base, constant offset and scaled indices; calls arrive resolved to a [`Callee`].

pub mod build;
pub mod cfg;
pub mod extents;
pub mod floats;
pub mod index;
pub mod notes;
pub mod op;
pub mod text;
pub mod types;
pub mod variables;

pub use index::{BlockId, LoopId, TyId, ValueId};
pub use op::{CallOp, Callee, CastKind, FloatBin, IntBin, Op, Rmw};
pub use types::{FloatKind, TyKind, Types};

/// What is left of an address under a smaller mask than this is its place in a page, and no address.
pub const PAGE: i64 = 4096;

/// Where a value comes from.
#[derive(Clone, Debug)]
pub enum Def {
    Arg(u32),
    Const(Const),
    /// The address of a global variable plus nothing: offsets are separate operations.
    Global {
        name: String,
        constant: bool,
    },
    /// The address of a function.
    Function {
        name: String,
    },
    Inst {
        op: Op,
        block: BlockId,
    },
}

/// A constant, as far as analyses care.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// An integer, or the address that an integer constant makes (`inttoptr 8`: Rust's dangling pointer).
    Int(i128),
    Float(f64),
    Null,
    /// Undef and poison: any value, whose adjoint is nothing.
    Undef,
    /// A struct, array or vector of constants.
    Aggregate(Vec<ValueId>),
    /// A vector of integers.
    Integers(Vec<i128>),
    /// Vectors and aggregates of plain data without an address in them.
    Data,
    /// A constant that holds an address in a way that was not split up.
    Opaque,
}

/// One value.
#[derive(Clone, Debug)]
pub struct Value {
    pub ty: TyId,
    pub def: Def,
}

/// One basic block.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub name: String,
    pub insts: Vec<ValueId>,
    pub preds: Vec<BlockId>,
    pub succs: Vec<BlockId>,
}

/// What is known of a loop's counter, put into the IR by `prepare`.
#[derive(Clone, Debug)]
pub struct Counter {
    /// The header phi that counts iterations from 0.
    pub iv: ValueId,
    /// The number of times the back edge is taken when the loop is left by its only returning exit; a
    /// value that is available in the preheader. `None`: known at run time only.
    pub backedge_count: Option<ValueId>,
    /// The loop, this one or one around it, before which that count is known.
    pub count_holds: LoopId,
    /// The count is right only where this loop is entered, as it is unless the function never returns.
    pub count_if_entered: bool,
    /// For each block that the loop is left to: the phi there that records the counter.
    pub exit_counts: Vec<(BlockId, ValueId)>,
}

/// How a parameter may alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// No other pointer of the function reaches what this one points to.
    pub noalias: bool,
}

/// The snapshot.
#[derive(Debug)]
pub struct Body {
    pub name: String,
    pub types: Types,
    pub values: Vec<Value>,
    pub blocks: Vec<Block>,
    pub params: Vec<ValueId>,
    pub param_info: Vec<Param>,
    pub ret_ty: TyId,
    pub cfg: cfg::Cfg,
    /// Indexed by [`LoopId`].
    pub counters: Vec<Counter>,
    /// For each block with several returning predecessors that is no loop header: the phi there that
    /// records which predecessor (its place in the phi) the block was entered from.
    pub which: Vec<Option<ValueId>>,
    /// Header phis and what they are equal to, computed from the loop's counter alone.
    pub closed_forms: rustc_hash::FxHashMap<ValueId, ValueId>,
    /// Accesses' scopes, for the alias analysis.
    pub scopes: Scopes,
    /// The global variables that are named.
    pub variables: rustc_hash::FxHashMap<ValueId, variables::Variable>,
    /// The addresses of variables that variables hold from the start, by the ids of both.
    pub initial: rustc_hash::FxHashMap<usize, Vec<variables::Address>>,
    /// What is said of memory beside the accesses themselves.
    pub notes: Vec<notes::Note>,
    /// The registers that hold pointers to the characters of strings (see [`text`]).
    pub text: rustc_hash::FxHashSet<ValueId>,
    /// No function of the program keeps floats in memory other than doubles (see [`floats`]).
    pub only_doubles: bool,
}

/// `!alias.scope` and `!noalias` of the accesses, and where each scope is declared.
#[derive(Default, Debug)]
pub struct Scopes {
    pub alias_scope: rustc_hash::FxHashMap<ValueId, Vec<usize>>,
    pub noalias: rustc_hash::FxHashMap<ValueId, Vec<usize>>,
    /// The block of the scope's declaration: inside a loop, the scope is good for one iteration only.
    pub declared_in: rustc_hash::FxHashMap<usize, BlockId>,
    pub domain: rustc_hash::FxHashMap<usize, usize>,
}

impl Body {
    pub fn value(&self, v: ValueId) -> &Value {
        &self.values[v.index()]
    }

    pub fn ty(&self, v: ValueId) -> &types::Ty {
        self.types.get(self.values[v.index()].ty)
    }

    pub fn block(&self, b: BlockId) -> &Block {
        &self.blocks[b.index()]
    }

    /// The operation of an instruction.
    pub fn op(&self, v: ValueId) -> Option<&Op> {
        match &self.value(v).def {
            Def::Inst { op, .. } => Some(op),
            Def::Arg(_) | Def::Const(_) | Def::Global { .. } | Def::Function { .. } => None,
        }
    }

    /// The block of an instruction.
    pub fn block_of(&self, v: ValueId) -> Option<BlockId> {
        match &self.value(v).def {
            Def::Inst { block, .. } => Some(*block),
            Def::Arg(_) | Def::Const(_) | Def::Global { .. } | Def::Function { .. } => None,
        }
    }

    /// The innermost loop that a value is computed in.
    pub fn loop_of(&self, v: ValueId) -> Option<LoopId> {
        self.block_of(v).and_then(|b| self.cfg.loop_of(b))
    }

    pub fn block_ids(&self) -> impl DoubleEndedIterator<Item = BlockId> + use<> {
        (0..self.blocks.len()).map(BlockId::new)
    }

    pub fn value_ids(&self) -> impl DoubleEndedIterator<Item = ValueId> + use<> {
        (0..self.values.len()).map(ValueId::new)
    }

    /// Instructions of blocks from which a return can be reached, in block order.
    pub fn live_insts(&self) -> impl Iterator<Item = (ValueId, &Op)> {
        self.insts_of(|b| self.cfg.is_live(b))
    }

    /// Instructions of all blocks that can be reached, in block order.
    pub fn insts(&self) -> impl Iterator<Item = (ValueId, &Op)> {
        self.insts_of(|_| true)
    }

    fn insts_of(&self, wanted: impl Fn(BlockId) -> bool) -> impl Iterator<Item = (ValueId, &Op)> {
        let blocks = self.cfg.rpo().iter().filter(move |b| wanted(**b));
        blocks
            .flat_map(|b| self.block(*b).insts.iter())
            .map(|v| (*v, self.op(*v).expect("a block holds instructions")))
    }

    /// The integer that a constant is.
    pub fn const_int(&self, v: ValueId) -> Option<i128> {
        match &self.value(v).def {
            Def::Const(Const::Int(n)) => Some(*n),
            Def::Const(Const::Null) => Some(0),
            Def::Const(
                Const::Float(_)
                | Const::Undef
                | Const::Aggregate(_)
                | Const::Integers(_)
                | Const::Data
                | Const::Opaque,
            )
            | Def::Arg(_)
            | Def::Global { .. }
            | Def::Function { .. }
            | Def::Inst { .. } => None,
        }
    }

    pub fn is_const(&self, v: ValueId) -> bool {
        matches!(self.value(v).def, Def::Const(_))
    }
}
