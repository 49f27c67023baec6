//! What every value has: a type, a name, a kind, operands and uses.

use super::{Block, Context, Function, Module, Opcode, Type, raw, text};
use llvm_sys::{core::*, prelude::*};
use std::fmt;

/// Any value of the IR.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(pub(super) LLVMValueRef);

/// The shape of a constant aggregate.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum AggregateKind {
    Array,
    Struct,
    Vector,
}

/// What a value is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum ValueKind {
    Argument,
    Block,
    Instruction(Opcode),
    Function,
    GlobalVariable,
    GlobalAlias,
    GlobalIFunc,
    ConstantInt,
    ConstantFp,
    /// Null of a pointer, or zero of an aggregate or vector.
    ConstantNull,
    Undef,
    Poison,
    ConstantExpr(Opcode),
    /// An aggregate of other constants; its operands are its members.
    ConstantAggregate(AggregateKind),
    /// An array of plain numbers; ask [`Value::aggregate_element`].
    ConstantDataArray,
    /// A vector of plain numbers; ask [`Value::aggregate_element`].
    ConstantDataVector,
    BlockAddress,
    InlineAsm,
    Metadata,
    /// Token none, pointer authentication, target types, or a kind of a newer LLVM.
    Other(u32),
}

/// One use of a value: who uses it and as which operand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Use {
    pub user: Value,
    pub operand: u32,
}

impl Value {
    /// A handle from a reference that LLVM returned for something that need not exist.
    pub(super) fn maybe(raw: LLVMValueRef) -> Option<Value> {
        (!raw.is_null()).then_some(Value(raw))
    }

    /// The value's identity as a number, for maps that cross into pure code.
    pub fn id(self) -> usize {
        self.0 as usize
    }

    pub fn ty(self) -> Type {
        // SAFETY: the value is alive.
        Type(unsafe { LLVMTypeOf(self.0) })
    }

    pub fn context(self) -> Context {
        self.ty().context()
    }

    /// The name, empty when there is none (rustc's release builds drop local names).
    pub fn name(self) -> String {
        let mut len = 0;
        // SAFETY: the value is alive and LLVM sets the length of the text that it returns.
        unsafe {
            let at = LLVMGetValueName2(self.0, &mut len);
            text::borrowed(at, len)
        }
    }

    pub fn set_name(self, name: &str) {
        // SAFETY: the value is alive; LLVM copies the name.
        unsafe { LLVMSetValueName2(self.0, name.as_ptr().cast(), name.len()) }
    }

    pub fn kind(self) -> ValueKind {
        use ValueKind::*;
        // SAFETY: the value is alive; opcodes are asked of the kinds that have them.
        unsafe {
            match raw::erx_value_kind(self.0) {
                0 => Argument,
                1 => Block,
                5 => Function,
                6 => GlobalAlias,
                7 => GlobalIFunc,
                8 => GlobalVariable,
                9 => BlockAddress,
                10 => ConstantExpr(Opcode::from_raw(raw::erx_const_opcode(self.0))),
                11 => ConstantAggregate(AggregateKind::Array),
                12 => ConstantAggregate(AggregateKind::Struct),
                13 => ConstantAggregate(AggregateKind::Vector),
                14 => Undef,
                15 | 20 => ConstantNull,
                16 => ConstantDataArray,
                17 => ConstantDataVector,
                18 => ConstantInt,
                19 => ConstantFp,
                22 => Metadata,
                23 => InlineAsm,
                24 => Instruction(Opcode::from_raw(raw::erx_opcode(self.0))),
                25 => Poison,
                other => Other(other),
            }
        }
    }

    pub fn is_instruction(self) -> bool {
        matches!(self.kind(), ValueKind::Instruction(_))
    }

    pub fn is_argument(self) -> bool {
        self.kind() == ValueKind::Argument
    }

    /// Any constant, functions and globals included.
    pub fn is_constant(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { LLVMIsConstant(self.0) != 0 }
    }

    /// Null or zero of its type.
    pub fn is_null(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { LLVMIsNull(self.0) != 0 }
    }

    /// Undef or poison.
    pub fn is_undef(self) -> bool {
        matches!(self.kind(), ValueKind::Undef | ValueKind::Poison)
    }

    /// The opcode of an instruction.
    pub fn opcode(self) -> Option<Opcode> {
        if let ValueKind::Instruction(op) = self.kind() {
            Some(op)
        } else {
            None
        }
    }

    /// Whether this is an instruction with that opcode.
    pub fn is_op(self, op: Opcode) -> bool {
        self.opcode() == Some(op)
    }

    pub fn as_function(self) -> Option<Function> {
        (self.kind() == ValueKind::Function).then_some(Function(self.0))
    }

    /// The block, of a value that is a block used as an operand.
    pub fn as_block(self) -> Option<Block> {
        // SAFETY: checked to be a block.
        (self.kind() == ValueKind::Block).then(|| Block(unsafe { LLVMValueAsBasicBlock(self.0) }))
    }

    /// The number of an argument in its function.
    pub fn argument_index(self) -> Option<u32> {
        let function = self.is_argument().then(|| self.parent_function())??;
        function
            .params()
            .iter()
            .position(|param| *param == self)
            .map(|index| index as u32)
    }

    pub fn num_operands(self) -> u32 {
        // SAFETY: the value is alive; LLVM counts 0 for what is no user.
        unsafe {
            if LLVMIsAUser(self.0).is_null() {
                0
            } else {
                LLVMGetNumOperands(self.0).max(0) as u32
            }
        }
    }

    pub fn operand(self, index: u32) -> Value {
        assert!(index < self.num_operands(), "operand {index} of {self}");
        // SAFETY: the index is in range.
        Value(unsafe { LLVMGetOperand(self.0, index) })
    }

    /// All operands; those of a call include bundles, destinations and the callee (see `args`).
    pub fn operands(self) -> Vec<Value> {
        // SAFETY: every index is in range.
        (0..self.num_operands())
            .map(|index| Value(unsafe { LLVMGetOperand(self.0, index) }))
            .collect()
    }

    pub fn set_operand(self, index: u32, value: Value) {
        assert!(index < self.num_operands(), "operand {index} of {self}");
        // SAFETY: the index is in range.
        unsafe { LLVMSetOperand(self.0, index, value.0) }
    }

    /// Every use, in LLVM's order; a user that uses the value twice is listed twice.
    pub fn uses(self) -> Vec<Use> {
        let mut out = Vec::new();
        // SAFETY: the value is alive, and the chain is not changed while it is walked.
        unsafe {
            let mut at = LLVMGetFirstUse(self.0);
            while !at.is_null() {
                let user = LLVMGetUser(at);
                let operands = LLVMGetNumOperands(user).max(0) as u32;
                let operand = (0..operands)
                    .find(|index| LLVMGetOperandUse(user, *index) == at)
                    .unwrap_or(u32::MAX);
                out.push(Use {
                    user: Value(user),
                    operand,
                });
                at = LLVMGetNextUse(at);
            }
        }
        out
    }

    /// The users, each once, in LLVM's order.
    pub fn users(self) -> Vec<Value> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut out = Vec::new();
        // SAFETY: the value is alive, and the chain is not changed while it is walked.
        unsafe {
            let mut at = LLVMGetFirstUse(self.0);
            while !at.is_null() {
                let user = Value(LLVMGetUser(at));
                if seen.insert(user) {
                    out.push(user);
                }
                at = LLVMGetNextUse(at);
            }
        }
        out
    }

    pub fn is_used(self) -> bool {
        // SAFETY: the value is alive.
        unsafe { !LLVMGetFirstUse(self.0).is_null() }
    }

    /// Makes every user use `other`, which must have the same type.
    pub fn replace_all_uses_with(self, other: Value) {
        assert_eq!(self.ty(), other.ty(), "replacing {self} by {other}");
        // SAFETY: the values are alive and of one type.
        unsafe { LLVMReplaceAllUsesWith(self.0, other.0) }
    }

    /// Removes and frees an instruction, which must have no users left.
    pub fn erase_from_parent(self) {
        assert!(self.is_instruction() && !self.is_used(), "erasing {self}");
        // SAFETY: an instruction without users.
        unsafe { LLVMInstructionEraseFromParent(self.0) }
    }

    /// Takes an instruction out of its block, to be inserted elsewhere.
    pub fn remove_from_parent(self) {
        assert!(self.is_instruction(), "removing {self}");
        // SAFETY: checked to be an instruction.
        unsafe { LLVMInstructionRemoveFromParent(self.0) }
    }

    /// The block of an instruction.
    pub fn parent_block(self) -> Option<Block> {
        if !self.is_instruction() {
            return None;
        }
        // SAFETY: checked to be an instruction.
        let block = unsafe { LLVMGetInstructionParent(self.0) };
        (!block.is_null()).then_some(Block(block))
    }

    /// The function of an instruction, argument or block.
    pub fn parent_function(self) -> Option<Function> {
        match self.kind() {
            // SAFETY: checked to be an argument.
            ValueKind::Argument => Some(Function(unsafe { LLVMGetParamParent(self.0) })),
            ValueKind::Block => self.as_block()?.parent(),
            _ => self.parent_block()?.parent(),
        }
    }

    pub fn module(self) -> Option<Module> {
        match self.kind() {
            ValueKind::Function
            | ValueKind::GlobalVariable
            | ValueKind::GlobalAlias
            | ValueKind::GlobalIFunc => {
                // SAFETY: checked to be a global.
                let module = unsafe { LLVMGetGlobalParent(self.0) };
                (!module.is_null()).then_some(Module(module))
            }
            _ => self.parent_function()?.as_value().module(),
        }
    }

    /// The next instruction of the block.
    pub fn next(self) -> Option<Value> {
        assert!(self.is_instruction(), "{self} has no next instruction");
        // SAFETY: checked to be an instruction.
        Value::maybe(unsafe { LLVMGetNextInstruction(self.0) })
    }

    /// The previous instruction of the block.
    pub fn previous(self) -> Option<Value> {
        assert!(self.is_instruction(), "{self} has no previous instruction");
        // SAFETY: checked to be an instruction.
        Value::maybe(unsafe { LLVMGetPreviousInstruction(self.0) })
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the value is alive; the message is ours.
        let text = unsafe { text::owned(LLVMPrintValueToString(self.0)) }.unwrap_or_default();
        out.write_str(text.trim())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
