//! Queries on instructions that are no calls.

use super::{
    Block, FastMath, FloatPredicate, IntPredicate, Module, Opcode, Ordering, RmwOp, Type, Value,
    ValueKind, raw,
};
use llvm_sys::{core::*, prelude::*};
use std::ffi::c_void;

/// A GEP split into its base, a constant byte offset and scaled indices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GepParts {
    pub base: Value,
    pub offset: i64,
    /// (index, scale in bytes); the index is to be sign-extended or truncated to the pointer's width first.
    pub terms: Vec<(Value, i64)>,
}

/// The flags that make an instruction's result poison when they do not hold.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PoisonFlags {
    pub nuw: bool,
    pub nsw: bool,
    pub exact: bool,
    pub disjoint: bool,
    pub nneg: bool,
    pub samesign: bool,
    pub inbounds: bool,
    pub gep_nusw: bool,
    pub gep_nuw: bool,
}

impl Value {
    pub(super) fn check_op(self, ops: &[Opcode]) {
        let op = self.opcode();
        assert!(
            op.is_some_and(|op| ops.contains(&op)),
            "{self} is none of {ops:?}"
        );
    }

    /// The predicate of an `icmp`.
    pub fn int_predicate(self) -> Option<IntPredicate> {
        // SAFETY: checked to be an icmp.
        self.is_op(Opcode::ICmp)
            .then(|| IntPredicate::from_raw(unsafe { raw::erx_icmp_predicate(self.0) }))
    }

    /// The predicate of an `fcmp`.
    pub fn float_predicate(self) -> Option<FloatPredicate> {
        // SAFETY: checked to be an fcmp.
        self.is_op(Opcode::FCmp)
            .then(|| FloatPredicate::from_raw(unsafe { raw::erx_fcmp_predicate(self.0) }))
    }

    /// The alignment in bytes of a load, store, alloca, atomic access or global; 0 for anything else.
    pub fn alignment(self) -> u64 {
        // SAFETY: the value is alive.
        unsafe { raw::erx_alignment(self.0) }
    }

    /// Whether a memory access is volatile; false for other instructions.
    pub fn is_volatile(self) -> bool {
        // SAFETY: asked of instructions only.
        self.is_instruction() && unsafe { raw::erx_is_volatile(self.0) }
    }

    /// The ordering of an access, for `cmpxchg` that of success.
    pub fn ordering(self) -> Ordering {
        assert!(self.is_instruction(), "{self} has no ordering");
        // SAFETY: checked to be an instruction.
        Ordering::from_raw(unsafe { raw::erx_ordering(self.0) })
    }

    pub fn is_atomic(self) -> bool {
        self.is_instruction() && self.ordering() != Ordering::NotAtomic
    }

    /// Whether an atomic access synchronises with its own thread only.
    pub fn is_single_thread(self) -> bool {
        // SAFETY: asked of atomic accesses only.
        self.is_atomic() && unsafe { LLVMIsAtomicSingleThread(self.0) != 0 }
    }

    /// LLVM's number of the synchronisation scope of an atomic access: 0 single thread, 1 system.
    pub fn sync_scope(self) -> u32 {
        assert!(self.is_atomic(), "{self} is not atomic");
        // SAFETY: checked to be atomic.
        unsafe { raw::erx_sync_scope(self.0) }
    }

    pub fn may_write_memory(self) -> bool {
        // SAFETY: asked of instructions only.
        self.is_instruction() && unsafe { raw::erx_may_write(self.0) }
    }

    pub fn may_read_memory(self) -> bool {
        // SAFETY: asked of instructions only.
        self.is_instruction() && unsafe { raw::erx_may_read(self.0) }
    }

    /// Writes, may unwind, or may not return.
    pub fn may_have_side_effects(self) -> bool {
        // SAFETY: asked of instructions only.
        self.is_instruction() && unsafe { raw::erx_may_side_effect(self.0) }
    }

    pub fn may_throw(self) -> bool {
        // SAFETY: asked of instructions only.
        self.is_instruction() && unsafe { raw::erx_may_throw(self.0) }
    }

    /// The fast-math flags of an instruction that has some.
    pub fn fast_math(self) -> FastMath {
        if !self.is_instruction() {
            return FastMath::NONE;
        }
        // SAFETY: checked to be an instruction; the shim asks only where flags exist.
        FastMath(unsafe { raw::erx_fast_math(self.0) })
    }

    /// Sets fast-math flags where the instruction can have them.
    pub fn set_fast_math(self, flags: FastMath) {
        // SAFETY: LLVM is asked first whether the instruction can have flags.
        unsafe {
            if self.is_instruction() && LLVMCanValueUseFastMathFlags(self.0) != 0 {
                LLVMSetFastMathFlags(self.0, flags.0);
            }
        }
    }

    pub fn poison_flags(self) -> PoisonFlags {
        // SAFETY: the value is alive.
        let bits = unsafe { raw::erx_poison_flags(self.0) };
        PoisonFlags {
            nuw: bits & 1 != 0,
            nsw: bits & 2 != 0,
            exact: bits & 4 != 0,
            disjoint: bits & 8 != 0,
            nneg: bits & 16 != 0,
            samesign: bits & 32 != 0,
            inbounds: bits & 64 != 0,
            gep_nusw: bits & 128 != 0,
            gep_nuw: bits & 256 != 0,
        }
    }

    /// Drops every flag, metadata and return attribute that could make the result poison.
    pub fn drop_poison_flags(self) {
        assert!(self.is_instruction(), "{self} has no flags");
        // SAFETY: checked to be an instruction.
        unsafe { raw::erx_drop_poison_flags(self.0) }
    }

    /// The type that an alloca makes room for.
    pub fn allocated_type(self) -> Type {
        self.check_op(&[Opcode::Alloca]);
        // SAFETY: checked to be an alloca.
        Type(unsafe { LLVMGetAllocatedType(self.0) })
    }

    /// How many elements an alloca makes room for.
    pub fn alloca_count(self) -> Value {
        self.check_op(&[Opcode::Alloca]);
        // SAFETY: checked to be an alloca.
        Value(unsafe { raw::erx_alloca_array_size(self.0) })
    }

    /// Whether an alloca is in the entry block and of constant size.
    pub fn is_static_alloca(self) -> bool {
        // SAFETY: checked to be an alloca.
        self.is_op(Opcode::Alloca) && unsafe { raw::erx_alloca_is_static(self.0) }
    }

    /// The pointer of a load, store, `atomicrmw` or `cmpxchg`.
    pub fn pointer_operand(self) -> Option<Value> {
        match self.opcode()? {
            Opcode::Load | Opcode::AtomicRmw | Opcode::AtomicCmpXchg => Some(self.operand(0)),
            Opcode::Store => Some(self.operand(1)),
            _ => None,
        }
    }

    /// The type that a load yields or a store writes.
    pub fn access_type(self) -> Option<Type> {
        match self.opcode()? {
            Opcode::Load | Opcode::AtomicRmw => Some(self.ty()),
            Opcode::Store => Some(self.operand(0).ty()),
            Opcode::AtomicCmpXchg => Some(self.operand(1).ty()),
            _ => None,
        }
    }

    /// Whether this is a GEP, as an instruction or a constant.
    pub fn is_gep(self) -> bool {
        matches!(
            self.kind(),
            ValueKind::Instruction(Opcode::GetElementPtr)
                | ValueKind::ConstantExpr(Opcode::GetElementPtr)
        )
    }

    /// The source element type of a GEP.
    pub fn gep_source_type(self) -> Type {
        assert!(self.is_gep(), "{self} is no GEP");
        // SAFETY: checked to be a GEP.
        Type(unsafe { LLVMGetGEPSourceElementType(self.0) })
    }

    /// Splits one GEP; `None` for other values, vectors of pointers and scalable types.
    pub fn gep_decompose(self, module: Module) -> Option<GepParts> {
        extern "C" fn sink(state: *mut c_void, value: LLVMValueRef, scale: i64) {
            // SAFETY: `gep_decompose` passes its list as the state.
            unsafe { (*state.cast::<Vec<(Value, i64)>>()).push((Value(value), scale)) }
        }
        if !self.is_gep() {
            return None;
        }
        let (mut terms, mut offset) = (Vec::new(), 0);
        // SAFETY: a GEP; the sink is called only within this call.
        let ok = unsafe {
            raw::erx_gep_decompose(self.0, module.0, &mut offset, sink, (&raw mut terms).cast())
        };
        ok.then(|| GepParts {
            base: self.operand(0),
            offset,
            terms,
        })
    }

    /// The (value, block) pairs of a phi.
    pub fn incoming(self) -> Vec<(Value, Block)> {
        self.check_op(&[Opcode::Phi]);
        // SAFETY: checked to be a phi, and every index is in range.
        unsafe {
            (0..LLVMCountIncoming(self.0))
                .map(|index| {
                    (
                        Value(LLVMGetIncomingValue(self.0, index)),
                        Block(LLVMGetIncomingBlock(self.0, index)),
                    )
                })
                .collect()
        }
    }

    /// What a phi takes from that block.
    pub fn incoming_from(self, block: Block) -> Option<Value> {
        self.incoming()
            .into_iter()
            .find(|(_, from)| *from == block)
            .map(|(value, _)| value)
    }

    pub fn add_incoming(self, value: Value, block: Block) {
        self.check_op(&[Opcode::Phi]);
        assert_eq!(self.ty(), value.ty(), "adding {value} to {self}");
        let (mut value, mut block) = (value.0, block.0);
        // SAFETY: a phi and a value of its type; LLVM copies the pair.
        unsafe { LLVMAddIncoming(self.0, &mut value, &mut block, 1) }
    }

    /// Removes a phi's first entry for the block; the phi stays even when it becomes empty.
    pub fn remove_incoming(self, block: Block) {
        assert!(
            self.incoming_from(block).is_some(),
            "{self} has nothing from {block:?}"
        );
        // SAFETY: checked to have an entry for the block.
        unsafe { raw::erx_phi_remove_incoming(self.0, block.0) }
    }

    pub fn set_incoming_value(self, index: u32, value: Value) {
        assert!(
            (index as usize) < self.incoming().len() && self.ty() == value.ty(),
            "entry {index} of {self}"
        );
        // SAFETY: the index is in range and the type the phi's.
        unsafe { raw::erx_phi_set_incoming_value(self.0, index, value.0) }
    }

    pub fn set_incoming_block(self, index: u32, block: Block) {
        assert!(
            (index as usize) < self.incoming().len(),
            "entry {index} of {self}"
        );
        // SAFETY: the index is in range.
        unsafe { raw::erx_phi_set_incoming_block(self.0, index, block.0) }
    }

    /// The targets of a terminator, in its order.
    pub fn successors(self) -> Vec<Block> {
        assert!(
            self.opcode().is_some_and(Opcode::is_terminator),
            "{self} is no terminator"
        );
        // SAFETY: checked to be a terminator, and every index is in range.
        unsafe {
            (0..LLVMGetNumSuccessors(self.0))
                .map(|index| Block(LLVMGetSuccessor(self.0, index)))
                .collect()
        }
    }

    pub fn set_successor(self, index: u32, block: Block) {
        assert!(
            (index as usize) < self.successors().len(),
            "successor {index} of {self}"
        );
        // SAFETY: the index is in range.
        unsafe { LLVMSetSuccessor(self.0, index, block.0) }
    }

    /// The condition of a conditional branch or the value of a switch.
    pub fn condition(self) -> Option<Value> {
        match self.opcode()? {
            // SAFETY: checked to be a conditional branch.
            Opcode::Br => unsafe {
                (LLVMIsConditional(self.0) != 0).then(|| Value(LLVMGetCondition(self.0)))
            },
            Opcode::Switch => Some(self.operand(0)),
            _ => None,
        }
    }

    /// The (value, target) cases of a switch, without the default.
    pub fn switch_cases(self) -> Vec<(Value, Block)> {
        self.check_op(&[Opcode::Switch]);
        // SAFETY: checked to be a switch, and every index is in range.
        unsafe {
            (0..raw::erx_num_cases(self.0))
                .map(|index| {
                    (
                        Value(raw::erx_case_value(self.0, index)),
                        Block(raw::erx_case_block(self.0, index)),
                    )
                })
                .collect()
        }
    }

    pub fn switch_default(self) -> Block {
        self.check_op(&[Opcode::Switch]);
        // SAFETY: checked to be a switch.
        Block(unsafe { LLVMGetSwitchDefaultDest(self.0) })
    }

    pub fn add_case(self, value: Value, block: Block) {
        self.check_op(&[Opcode::Switch]);
        assert_eq!(value.ty(), self.operand(0).ty(), "a case of {self}");
        // SAFETY: a switch and a constant of its type.
        unsafe { LLVMAddCase(self.0, value.0, block.0) }
    }

    pub fn is_cleanup_landingpad(self) -> bool {
        self.check_op(&[Opcode::LandingPad]);
        // SAFETY: checked to be a landing pad.
        unsafe { raw::erx_landingpad_is_cleanup(self.0) }
    }

    pub fn landingpad_clauses(self) -> u32 {
        self.check_op(&[Opcode::LandingPad]);
        // SAFETY: checked to be a landing pad.
        unsafe { raw::erx_landingpad_clauses(self.0) }
    }

    /// The indices of an `extractvalue` or `insertvalue`.
    pub fn indices(self) -> Vec<u32> {
        self.check_op(&[Opcode::ExtractValue, Opcode::InsertValue]);
        let mut out = [0; 32];
        // SAFETY: checked to have indices; the shim writes no further than told.
        let count =
            unsafe { raw::erx_indices(self.0, out.as_mut_ptr(), out.len() as u32) } as usize;
        if count <= out.len() {
            return out[..count].to_vec();
        }
        let mut out = vec![0; count];
        // SAFETY: as above, with room for all.
        unsafe { raw::erx_indices(self.0, out.as_mut_ptr(), count as u32) };
        out
    }

    /// The mask of a `shufflevector`; `None` is a poison lane.
    pub fn shuffle_mask(self) -> Vec<Option<u32>> {
        self.check_op(&[Opcode::ShuffleVector]);
        // SAFETY: checked to be a shuffle, and every index is in range.
        unsafe {
            (0..LLVMGetNumMaskElements(self.0))
                .map(|lane| u32::try_from(LLVMGetMaskValue(self.0, lane)).ok())
                .collect()
        }
    }

    pub fn rmw_op(self) -> RmwOp {
        self.check_op(&[Opcode::AtomicRmw]);
        // SAFETY: checked to be an atomicrmw.
        RmwOp::from_raw(unsafe { raw::erx_rmw_op(self.0) })
    }

    /// Whether a `cmpxchg` may fail spuriously.
    pub fn is_weak_cmpxchg(self) -> bool {
        self.check_op(&[Opcode::AtomicCmpXchg]);
        // SAFETY: checked to be a cmpxchg.
        unsafe { LLVMGetWeak(self.0) != 0 }
    }

    /// A copy of the instruction, in no block yet; insert it with `Builder::insert`.
    pub fn clone_instruction(self) -> Value {
        assert!(self.is_instruction(), "cloning {self}");
        // SAFETY: checked to be an instruction.
        Value(unsafe { LLVMInstructionClone(self.0) })
    }
}
