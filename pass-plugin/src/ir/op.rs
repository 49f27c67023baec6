//! The operations of a snapshot. Adding one here makes every stage that must handle it fail to
//! compile until it does.

use super::{BlockId, ValueId};
use crate::rules;

/// Float arithmetic with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatBin {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

/// Integer arithmetic with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IntBin {
    Add,
    Sub,
    Mul,
    UDiv,
    SDiv,
    URem,
    SRem,
    Shl,
    LShr,
    AShr,
    And,
    Or,
    Xor,
}

impl IntBin {
    /// What was multiplied or divided is a number of its own: neither an address nor the bits of a float.
    pub fn is_product(self) -> bool {
        match self {
            IntBin::Mul | IntBin::UDiv | IntBin::SDiv | IntBin::URem | IntBin::SRem => true,
            IntBin::Add
            | IntBin::Sub
            | IntBin::Shl
            | IntBin::LShr
            | IntBin::AShr
            | IntBin::And
            | IntBin::Or
            | IntBin::Xor => false,
        }
    }
}

/// Conversions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CastKind {
    Trunc,
    ZExt,
    SExt,
    FpTrunc,
    FpExt,
    FpToInt,
    IntToFp,
    PtrToInt,
    IntToPtr,
    Bitcast,
    AddrSpace,
}

/// What an atomic read-modify-write does, as far as derivatives go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rmw {
    Exchange,
    /// Float addition.
    Add,
    Sub,
    /// Float minimum.
    Min,
    Max,
    /// Integer addition and subtraction, as of a counter of references: nobody counts the bits of a float.
    Count,
    /// Other integer arithmetic and all else.
    Other,
}

/// How an allocation function makes memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AllocFn {
    /// The memory comes zeroed.
    pub zeroed: bool,
    /// Arguments whose product is the size in bytes.
    pub size_args: (u32, Option<u32>),
}

/// What is called.
#[derive(Clone, Debug)]
pub enum Callee {
    /// A function with derivative rules.
    Math(rules::FunctionRule),
    /// A declared inactive function; its result and its effects carry no derivative.
    Inactive,
    /// Makes memory.
    Alloc(AllocFn),
    /// Frees the memory of an argument.
    Dealloc {
        ptr_arg: u32,
    },
    /// Resizes the memory of an argument: result holds the old contents.
    Realloc {
        ptr_arg: u32,
        size_arg: u32,
    },
    /// `llvm.lifetime.start`.
    LifetimeStart,
    /// An intrinsic that only tells the optimiser something: assume, noalias scopes, lifetime.end.
    Hint,
    /// `llvm.vector.reduce.fadd(start, vector)`.
    ReduceFAdd,
    /// A function that is differentiated on its own: its body is in the module, or the user wrote a rule for it.
    Defined {
        name: String,
    },
    /// A function whose body is not in the module.
    External {
        name: String,
    },
    Indirect {
        target: ValueId,
    },
    InlineAsm,
}

/// A call or an invoke.
#[derive(Clone, Debug)]
pub struct CallOp {
    pub callee: Callee,
    pub args: Vec<ValueId>,
    /// For an invoke: the normal and the unwind destination.
    pub invoke: Option<(BlockId, BlockId)>,
    /// The callee writes no memory.
    pub reads_only: bool,
    /// The callee reads and writes no memory.
    pub no_memory: bool,
    /// An inactive function of the user's: unlike those of the library, it may write any memory that it can reach.
    pub writes_anywhere: bool,
    /// A member of `std::string` that may put the characters elsewhere: the string's pointer in shadows stays as it was.
    pub moves_text: bool,
    /// A member of `std::string` that is given characters.
    pub takes_text: bool,
    /// An intrinsic of integers: where they are the bits of floats, so is its result, and that is not understood.
    pub of_bits: bool,
    /// A rule of the user's differentiates the callee: what it does to memory is not known from its body.
    pub by_rule: bool,
}

/// An operation with its operands.
#[derive(Clone, Debug)]
pub enum Op {
    FloatBin(FloatBin, ValueId, ValueId),
    FNeg(ValueId),
    IntBin(IntBin, ValueId, ValueId),
    ICmp(ValueId, ValueId),
    FCmp(ValueId, ValueId),
    Select {
        cond: ValueId,
        on_true: ValueId,
        on_false: ValueId,
    },
    Phi(Vec<(BlockId, ValueId)>),
    Cast(CastKind, ValueId),
    Freeze(ValueId),
    Alloca {
        size: Option<u64>,
        count: ValueId,
    },
    Load {
        ptr: ValueId,
        volatile: bool,
    },
    Store {
        ptr: ValueId,
        value: ValueId,
    },
    /// `base + offset + Σ index·scale`, in bytes.
    Gep {
        base: ValueId,
        offset: i64,
        indices: Vec<(ValueId, i64)>,
    },
    /// memcpy and memmove: `moving` is true when the ranges may overlap.
    MemCopy {
        dst: ValueId,
        src: ValueId,
        len: ValueId,
        moving: bool,
    },
    MemSet {
        dst: ValueId,
        byte: ValueId,
        len: ValueId,
    },
    Call(CallOp),
    ExtractValue {
        from: ValueId,
        offset: u64,
    },
    InsertValue {
        into: ValueId,
        value: ValueId,
        offset: u64,
    },
    ExtractElement {
        from: ValueId,
        index: ValueId,
    },
    InsertElement {
        into: ValueId,
        value: ValueId,
        index: ValueId,
    },
    /// A lane of the result is lane `mask[i]` of the concatenated operands; `None`: undefined.
    Shuffle {
        a: ValueId,
        b: ValueId,
        mask: Vec<Option<u32>>,
    },
    /// Atomic read-modify-write.
    AtomicRmw {
        ptr: ValueId,
        value: ValueId,
        rmw: Rmw,
    },
    CmpXchg {
        ptr: ValueId,
        expected: ValueId,
        new: ValueId,
    },
    Fence,
    LandingPad,
    Br,
    CondBr(ValueId),
    Switch {
        on: ValueId,
        cases: Vec<(i128, BlockId)>,
        default: BlockId,
    },
    Ret(Option<ValueId>),
    /// Unreachable, resume and other ends that never return.
    Dead,
    /// An instruction of LLVM that no stage handles, with its operands; its spelling is for the message.
    Unsupported(String, Vec<ValueId>),
}

impl Op {
    /// Calls `f` with every operand that is a value (blocks are not).
    pub fn for_each_operand(&self, mut f: impl FnMut(ValueId)) {
        match self {
            Op::FloatBin(_, a, b) | Op::IntBin(_, a, b) | Op::ICmp(a, b) | Op::FCmp(a, b) => {
                f(*a);
                f(*b);
            }
            Op::FNeg(a) | Op::Cast(_, a) | Op::Freeze(a) | Op::CondBr(a) => f(*a),
            Op::Select {
                cond,
                on_true,
                on_false,
            } => {
                f(*cond);
                f(*on_true);
                f(*on_false);
            }
            Op::Phi(incoming) => incoming.iter().for_each(|(_, v)| f(*v)),
            Op::Alloca { count, .. } => f(*count),
            Op::Load { ptr, .. } => f(*ptr),
            Op::Store { ptr, value } | Op::AtomicRmw { ptr, value, .. } => {
                f(*ptr);
                f(*value);
            }
            Op::Gep { base, indices, .. } => {
                f(*base);
                indices.iter().for_each(|(v, _)| f(*v));
            }
            Op::MemCopy { dst, src, len, .. } => {
                f(*dst);
                f(*src);
                f(*len);
            }
            Op::MemSet { dst, byte, len } => {
                f(*dst);
                f(*byte);
                f(*len);
            }
            Op::Call(call) => {
                if let Callee::Indirect { target } = call.callee {
                    f(target);
                }
                call.args.iter().for_each(|v| f(*v));
            }
            Op::ExtractValue { from, .. } => f(*from),
            Op::InsertValue { into, value, .. } => {
                f(*into);
                f(*value);
            }
            Op::ExtractElement { from, index } => {
                f(*from);
                f(*index);
            }
            Op::InsertElement { into, value, index } => {
                f(*into);
                f(*value);
                f(*index);
            }
            Op::Shuffle { a, b, .. } => {
                f(*a);
                f(*b);
            }
            Op::CmpXchg { ptr, expected, new } => {
                f(*ptr);
                f(*expected);
                f(*new);
            }
            Op::Switch { on, .. } => f(*on),
            Op::Ret(value) => {
                if let Some(v) = value {
                    f(*v);
                }
            }
            Op::Unsupported(_, operands) => operands.iter().for_each(|v| f(*v)),
            Op::Fence | Op::LandingPad | Op::Br | Op::Dead => {}
        }
    }

    pub fn is_terminator(&self) -> bool {
        match self {
            Op::Br | Op::CondBr(_) | Op::Switch { .. } | Op::Ret(_) | Op::Dead => true,
            Op::Call(call) => call.invoke.is_some(),
            Op::FloatBin(..)
            | Op::FNeg(_)
            | Op::IntBin(..)
            | Op::ICmp(..)
            | Op::FCmp(..)
            | Op::Select { .. }
            | Op::Phi(_)
            | Op::Cast(..)
            | Op::Freeze(_)
            | Op::Alloca { .. }
            | Op::Load { .. }
            | Op::Store { .. }
            | Op::Gep { .. }
            | Op::MemCopy { .. }
            | Op::MemSet { .. }
            | Op::ExtractValue { .. }
            | Op::InsertValue { .. }
            | Op::ExtractElement { .. }
            | Op::InsertElement { .. }
            | Op::Shuffle { .. }
            | Op::AtomicRmw { .. }
            | Op::CmpXchg { .. }
            | Op::Fence
            | Op::LandingPad
            | Op::Unsupported(..) => false,
        }
    }
}
