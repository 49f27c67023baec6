//! Basic blocks and the control-flow graph.

use super::{Function, Opcode, Value, raw, text};
use llvm_sys::{core::*, prelude::*};
use std::fmt;

/// A basic block.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Block(pub(super) LLVMBasicBlockRef);

impl Block {
    /// The block's identity as a number.
    pub fn id(self) -> usize {
        self.0 as usize
    }

    pub fn as_value(self) -> Value {
        // SAFETY: the block is alive.
        Value(unsafe { LLVMBasicBlockAsValue(self.0) })
    }

    pub fn name(self) -> String {
        self.as_value().name()
    }

    pub fn set_name(self, name: &str) {
        self.as_value().set_name(name);
    }

    pub fn parent(self) -> Option<Function> {
        // SAFETY: the block is alive.
        let function = unsafe { LLVMGetBasicBlockParent(self.0) };
        (!function.is_null()).then_some(Function(function))
    }

    /// The instructions as they are now; changing the block afterwards does not disturb the list.
    pub fn instructions(self) -> Vec<Value> {
        let mut out = Vec::new();
        // SAFETY: the block is alive and not changed while it is walked.
        unsafe {
            let mut at = LLVMGetFirstInstruction(self.0);
            while !at.is_null() {
                out.push(Value(at));
                at = LLVMGetNextInstruction(at);
            }
        }
        out
    }

    pub fn phis(self) -> Vec<Value> {
        self.instructions()
            .into_iter()
            .take_while(|inst| inst.is_op(Opcode::Phi))
            .collect()
    }

    pub fn first_instruction(self) -> Option<Value> {
        // SAFETY: the block is alive.
        Value::maybe(unsafe { LLVMGetFirstInstruction(self.0) })
    }

    pub fn last_instruction(self) -> Option<Value> {
        // SAFETY: the block is alive.
        Value::maybe(unsafe { LLVMGetLastInstruction(self.0) })
    }

    /// The first instruction that may be followed by others: after phis and a landing pad.
    pub fn first_insertion_point(self) -> Option<Value> {
        self.instructions().into_iter().find(|inst| {
            !matches!(
                inst.opcode(),
                Some(Opcode::Phi | Opcode::LandingPad | Opcode::CatchPad | Opcode::CleanupPad)
            )
        })
    }

    pub fn terminator(self) -> Option<Value> {
        // SAFETY: the block is alive.
        Value::maybe(unsafe { LLVMGetBasicBlockTerminator(self.0) })
    }

    /// The targets of the terminator, in its order; a target may come twice.
    pub fn successors(self) -> Vec<Block> {
        self.terminator().map(Value::successors).unwrap_or_default()
    }

    /// The blocks whose terminators come here, each once.
    pub fn predecessors(self) -> Vec<Block> {
        let mut out = Vec::new();
        for user in self.as_value().users() {
            if user.opcode().is_some_and(Opcode::is_terminator)
                && let Some(block) = user.parent_block()
                && !out.contains(&block)
            {
                out.push(block);
            }
        }
        out
    }

    pub fn next(self) -> Option<Block> {
        // SAFETY: the block is alive.
        let next = unsafe { LLVMGetNextBasicBlock(self.0) };
        (!next.is_null()).then_some(Block(next))
    }

    /// A new block right before this one.
    pub fn insert_before(self, name: &str) -> Block {
        let name = text::c_string(name);
        // SAFETY: the block is alive and in a function.
        Block(unsafe {
            LLVMInsertBasicBlockInContext(self.as_value().context().0, self.0, name.as_ptr())
        })
    }

    pub fn move_before(self, other: Block) {
        // SAFETY: both blocks are alive.
        unsafe { LLVMMoveBasicBlockBefore(self.0, other.0) }
    }

    pub fn move_after(self, other: Block) {
        // SAFETY: both blocks are alive.
        unsafe { LLVMMoveBasicBlockAfter(self.0, other.0) }
    }

    /// Moves `inst` and what follows it into a new block, to which this one then branches. Phis of the successors
    /// name the new block afterwards.
    pub fn split_before(self, inst: Value, name: &str) -> Block {
        assert_eq!(
            inst.parent_block(),
            Some(self),
            "splitting at an instruction of another block"
        );
        // SAFETY: an instruction of this block; LLVM copies the name.
        Block(unsafe { raw::erx_split_before(inst.0, name.as_ptr().cast(), name.len()) })
    }

    /// Erases the block with all in it; nothing may use the block or its values any more.
    pub fn erase(self) {
        // SAFETY: the caller's invariant: nothing refers to the block.
        unsafe { LLVMDeleteBasicBlock(self.0) }
    }

    /// Erases a block without predecessors, taking it out of its successors' phis; uses of its values become poison.
    pub fn erase_dead(self) {
        assert!(
            self.predecessors().is_empty(),
            "{} has predecessors",
            self.name()
        );
        // SAFETY: checked to have no predecessors, which is LLVM's precondition.
        unsafe { raw::erx_delete_dead_block(self.0) }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_value(), out)
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "%{}@{:x}", self.name(), self.id())
    }
}
