//! Making instructions.
//!
//! A builder owns LLVM's, so it is the one type here that is not `Copy`. LLVM's folder is active: an operation on
//! constants may return a constant instead of an instruction.

use super::{
    Block, Context, FloatPredicate, Function, IntPredicate, Opcode, Type, Value, raw, text,
};
use llvm_sys::{LLVMIntPredicate, LLVMOpcode, LLVMRealPredicate, core::*, prelude::*};
use std::ffi::{CStr, c_char};

/// A position, where instructions are made.
#[derive(Debug)]
pub struct Builder(LLVMBuilderRef);

impl Drop for Builder {
    fn drop(&mut self) {
        // SAFETY: the builder is ours and used no more.
        unsafe { LLVMDisposeBuilder(self.0) }
    }
}

const UNNAMED: *const c_char = c"".as_ptr();

/// Declares binary operations by their C function.
macro_rules! binary {
    ($($(#[$doc:meta])* $name:ident = $function:ident;)*) => {
        impl Builder {
            $($(#[$doc])* pub fn $name(&self, a: Value, b: Value) -> Value {
                assert_eq!(a.ty(), b.ty(), concat!(stringify!($name), " of {} and {}"), a, b);
                // SAFETY: the builder has a position, and both operands are of one type.
                Value(unsafe { $function(self.0, a.0, b.0, UNNAMED) })
            })*
        }
    };
}

/// Declares casts by their C function.
macro_rules! cast {
    ($($name:ident = $function:ident;)*) => {
        impl Builder {
            $(pub fn $name(&self, value: Value, to: Type) -> Value {
                // SAFETY: the builder has a position; LLVM asserts that the cast is one.
                Value(unsafe { $function(self.0, value.0, to.0, UNNAMED) })
            })*
        }
    };
}

binary! {
    add = LLVMBuildAdd;
    nsw_add = LLVMBuildNSWAdd;
    nuw_add = LLVMBuildNUWAdd;
    sub = LLVMBuildSub;
    nsw_sub = LLVMBuildNSWSub;
    nuw_sub = LLVMBuildNUWSub;
    mul = LLVMBuildMul;
    nsw_mul = LLVMBuildNSWMul;
    nuw_mul = LLVMBuildNUWMul;
    udiv = LLVMBuildUDiv;
    exact_udiv = LLVMBuildExactUDiv;
    sdiv = LLVMBuildSDiv;
    urem = LLVMBuildURem;
    srem = LLVMBuildSRem;
    shl = LLVMBuildShl;
    lshr = LLVMBuildLShr;
    ashr = LLVMBuildAShr;
    and = LLVMBuildAnd;
    or = LLVMBuildOr;
    xor = LLVMBuildXor;
    fadd = LLVMBuildFAdd;
    fsub = LLVMBuildFSub;
    fmul = LLVMBuildFMul;
    fdiv = LLVMBuildFDiv;
    frem = LLVMBuildFRem;
}

cast! {
    trunc = LLVMBuildTrunc;
    zext = LLVMBuildZExt;
    sext = LLVMBuildSExt;
    fp_to_ui = LLVMBuildFPToUI;
    fp_to_si = LLVMBuildFPToSI;
    ui_to_fp = LLVMBuildUIToFP;
    si_to_fp = LLVMBuildSIToFP;
    fp_trunc = LLVMBuildFPTrunc;
    fp_ext = LLVMBuildFPExt;
    ptr_to_int = LLVMBuildPtrToInt;
    int_to_ptr = LLVMBuildIntToPtr;
    bit_cast = LLVMBuildBitCast;
    addr_space_cast = LLVMBuildAddrSpaceCast;
}

impl Builder {
    /// A builder without a position.
    pub fn new(context: Context) -> Builder {
        // SAFETY: the context is alive.
        Builder(unsafe { LLVMCreateBuilderInContext(context.0) })
    }

    pub fn at_end(block: Block) -> Builder {
        let builder = Builder::new(block.as_value().context());
        builder.position_at_end(block);
        builder
    }

    pub fn before(inst: Value) -> Builder {
        let builder = Builder::new(inst.context());
        builder.position_before(inst);
        builder
    }

    /// At the first place after the phis and the landing pad of a block.
    pub fn after_phis(block: Block) -> Builder {
        let builder = Builder::new(block.as_value().context());
        builder.position_after_phis(block);
        builder
    }

    pub(super) fn raw(&self) -> LLVMBuilderRef {
        self.0
    }

    pub fn context(&self) -> Context {
        // SAFETY: the builder is alive.
        Context(unsafe { raw::erx_builder_context(self.0) })
    }

    pub fn position_at_end(&self, block: Block) {
        // SAFETY: the block is alive.
        unsafe { LLVMPositionBuilderAtEnd(self.0, block.0) }
    }

    /// Before an instruction, whose debug location new instructions get, and before the records of variables that stand
    /// there: a phi may have none before it.
    pub fn position_before(&self, inst: Value) {
        assert!(inst.parent_block().is_some(), "{inst} is in no block");
        // SAFETY: an instruction in a block.
        unsafe { LLVMPositionBuilderBeforeInstrAndDbgRecords(self.0, inst.0) }
    }

    /// After an instruction: behind the phis when it is one, at the normal destination when it is an invoke.
    pub fn position_after(&self, inst: Value) {
        match (inst.opcode(), inst.next()) {
            (Some(Opcode::Invoke), _) => self.position_after_phis(inst.normal_dest()),
            (Some(Opcode::Phi), _) => match inst.parent_block() {
                Some(block) => self.position_after_phis(block),
                None => panic!("{inst} is in no block"),
            },
            (_, Some(next)) => self.position_before(next),
            (_, None) => match inst.parent_block() {
                Some(block) => self.position_at_end(block),
                None => panic!("{inst} is in no block"),
            },
        }
    }

    pub fn position_after_phis(&self, block: Block) {
        match block.first_insertion_point() {
            Some(inst) => self.position_before(inst),
            None => self.position_at_end(block),
        }
    }

    /// The block of the position.
    pub fn block(&self) -> Block {
        // SAFETY: the builder is alive.
        let block = unsafe { LLVMGetInsertBlock(self.0) };
        assert!(!block.is_null(), "the builder has no position");
        Block(block)
    }

    pub fn function(&self) -> Function {
        match self.block().parent() {
            Some(function) => function,
            None => panic!("the builder's block is in no function"),
        }
    }

    /// Any binary operation by its opcode.
    pub fn binary(&self, op: Opcode, a: Value, b: Value) -> Value {
        match op {
            Opcode::Add => self.add(a, b),
            Opcode::Sub => self.sub(a, b),
            Opcode::Mul => self.mul(a, b),
            Opcode::UDiv => self.udiv(a, b),
            Opcode::SDiv => self.sdiv(a, b),
            Opcode::URem => self.urem(a, b),
            Opcode::SRem => self.srem(a, b),
            Opcode::Shl => self.shl(a, b),
            Opcode::LShr => self.lshr(a, b),
            Opcode::AShr => self.ashr(a, b),
            Opcode::And => self.and(a, b),
            Opcode::Or => self.or(a, b),
            Opcode::Xor => self.xor(a, b),
            Opcode::FAdd => self.fadd(a, b),
            Opcode::FSub => self.fsub(a, b),
            Opcode::FMul => self.fmul(a, b),
            Opcode::FDiv => self.fdiv(a, b),
            Opcode::FRem => self.frem(a, b),
            other => panic!("{other:?} is no binary operation"),
        }
    }

    /// Any cast by its opcode.
    pub fn cast(&self, op: Opcode, value: Value, to: Type) -> Value {
        match op {
            Opcode::Trunc => self.trunc(value, to),
            Opcode::ZExt => self.zext(value, to),
            Opcode::SExt => self.sext(value, to),
            Opcode::FPToUI => self.fp_to_ui(value, to),
            Opcode::FPToSI => self.fp_to_si(value, to),
            Opcode::UIToFP => self.ui_to_fp(value, to),
            Opcode::SIToFP => self.si_to_fp(value, to),
            Opcode::FPTrunc => self.fp_trunc(value, to),
            Opcode::FPExt => self.fp_ext(value, to),
            Opcode::PtrToInt => self.ptr_to_int(value, to),
            // SAFETY: the builder has a position; LLVM asserts that the cast is one.
            Opcode::PtrToAddr => Value(unsafe {
                LLVMBuildCast(self.0, LLVMOpcode::LLVMPtrToAddr, value.0, to.0, UNNAMED)
            }),
            Opcode::IntToPtr => self.int_to_ptr(value, to),
            Opcode::BitCast => self.bit_cast(value, to),
            Opcode::AddrSpaceCast => self.addr_space_cast(value, to),
            other => panic!("{other:?} is no cast"),
        }
    }

    pub fn neg(&self, value: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildNeg(self.0, value.0, UNNAMED) })
    }

    pub fn not(&self, value: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildNot(self.0, value.0, UNNAMED) })
    }

    pub fn fneg(&self, value: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildFNeg(self.0, value.0, UNNAMED) })
    }

    pub fn freeze(&self, value: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildFreeze(self.0, value.0, UNNAMED) })
    }

    pub fn icmp(&self, predicate: IntPredicate, a: Value, b: Value) -> Value {
        use LLVMIntPredicate::*;
        assert_eq!(a.ty(), b.ty(), "icmp of {a} and {b}");
        let predicate = match predicate {
            IntPredicate::Eq => LLVMIntEQ,
            IntPredicate::Ne => LLVMIntNE,
            IntPredicate::Ugt => LLVMIntUGT,
            IntPredicate::Uge => LLVMIntUGE,
            IntPredicate::Ult => LLVMIntULT,
            IntPredicate::Ule => LLVMIntULE,
            IntPredicate::Sgt => LLVMIntSGT,
            IntPredicate::Sge => LLVMIntSGE,
            IntPredicate::Slt => LLVMIntSLT,
            IntPredicate::Sle => LLVMIntSLE,
            IntPredicate::Other(number) => panic!("no integer predicate has the number {number}"),
        };
        // SAFETY: the builder has a position, and both operands are of one type.
        Value(unsafe { LLVMBuildICmp(self.0, predicate, a.0, b.0, UNNAMED) })
    }

    pub fn fcmp(&self, predicate: FloatPredicate, a: Value, b: Value) -> Value {
        use LLVMRealPredicate::*;
        assert_eq!(a.ty(), b.ty(), "fcmp of {a} and {b}");
        let predicate = match predicate {
            FloatPredicate::False => LLVMRealPredicateFalse,
            FloatPredicate::Oeq => LLVMRealOEQ,
            FloatPredicate::Ogt => LLVMRealOGT,
            FloatPredicate::Oge => LLVMRealOGE,
            FloatPredicate::Olt => LLVMRealOLT,
            FloatPredicate::Ole => LLVMRealOLE,
            FloatPredicate::One => LLVMRealONE,
            FloatPredicate::Ord => LLVMRealORD,
            FloatPredicate::Uno => LLVMRealUNO,
            FloatPredicate::Ueq => LLVMRealUEQ,
            FloatPredicate::Ugt => LLVMRealUGT,
            FloatPredicate::Uge => LLVMRealUGE,
            FloatPredicate::Ult => LLVMRealULT,
            FloatPredicate::Ule => LLVMRealULE,
            FloatPredicate::Une => LLVMRealUNE,
            FloatPredicate::True => LLVMRealPredicateTrue,
            FloatPredicate::Other(number) => {
                panic!("no floating predicate has the number {number}")
            }
        };
        // SAFETY: the builder has a position, and both operands are of one type.
        Value(unsafe { LLVMBuildFCmp(self.0, predicate, a.0, b.0, UNNAMED) })
    }

    pub fn select(&self, condition: Value, yes: Value, no: Value) -> Value {
        assert_eq!(yes.ty(), no.ty(), "select of {yes} and {no}");
        // SAFETY: the builder has a position, and both arms are of one type.
        Value(unsafe { LLVMBuildSelect(self.0, condition.0, yes.0, no.0, UNNAMED) })
    }

    pub fn phi(&self, ty: Type) -> Value {
        // SAFETY: the builder has a position, which the caller put among the phis.
        Value(unsafe { LLVMBuildPhi(self.0, ty.0, UNNAMED) })
    }

    /// A load; an alignment of 0 means the type's.
    pub fn load(&self, ty: Type, pointer: Value, align: u64, volatile: bool) -> Value {
        assert!(pointer.ty().is_pointer(), "loading from {pointer}");
        // SAFETY: the builder has a position and the operand is a pointer.
        unsafe {
            let inst = LLVMBuildLoad2(self.0, ty.0, pointer.0, UNNAMED);
            set_access(inst, align, volatile);
            Value(inst)
        }
    }

    /// A store; an alignment of 0 means the type's.
    pub fn store(&self, value: Value, pointer: Value, align: u64, volatile: bool) -> Value {
        assert!(pointer.ty().is_pointer(), "storing to {pointer}");
        // SAFETY: as above.
        unsafe {
            let inst = LLVMBuildStore(self.0, value.0, pointer.0);
            set_access(inst, align, volatile);
            Value(inst)
        }
    }

    /// An alloca at the start of the function's entry block, wherever the builder stands.
    pub fn entry_alloca(&self, ty: Type, name: &str) -> Value {
        let entry = self.function().entry();
        let at = Builder::after_phis(entry);
        at.set_debug_loc(None);
        let name = text::c_string(name);
        // SAFETY: the inner builder stands in the entry block.
        Value(unsafe { LLVMBuildAlloca(at.0, ty.0, name.as_ptr()) })
    }

    /// An alloca of so many elements where the builder stands.
    pub fn array_alloca(&self, ty: Type, count: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildArrayAlloca(self.0, ty.0, count.0, UNNAMED) })
    }

    /// `pointer + offset` in bytes, with no promise of staying in bounds.
    pub fn ptr_add(&self, pointer: Value, offset: Value) -> Value {
        self.gep(self.context().i8_type(), pointer, &[offset])
    }

    /// As [`Builder::ptr_add`], promising `inbounds`.
    pub fn ptr_add_inbounds(&self, pointer: Value, offset: Value) -> Value {
        self.gep_inbounds(self.context().i8_type(), pointer, &[offset])
    }

    pub fn gep(&self, ty: Type, pointer: Value, indices: &[Value]) -> Value {
        // SAFETY: the builder has a position; LLVM copies the indices.
        Value(unsafe {
            let list = indices.as_ptr().cast_mut().cast();
            LLVMBuildGEP2(self.0, ty.0, pointer.0, list, indices.len() as u32, UNNAMED)
        })
    }

    pub fn gep_inbounds(&self, ty: Type, pointer: Value, indices: &[Value]) -> Value {
        // SAFETY: as above.
        Value(unsafe {
            let list = indices.as_ptr().cast_mut().cast();
            LLVMBuildInBoundsGEP2(self.0, ty.0, pointer.0, list, indices.len() as u32, UNNAMED)
        })
    }

    pub fn struct_gep(&self, ty: Type, pointer: Value, field: u32) -> Value {
        assert!(
            u64::from(field) < ty.member_count(),
            "field {field} of {ty}"
        );
        // SAFETY: the builder has a position, and the struct has the field.
        Value(unsafe { LLVMBuildStructGEP2(self.0, ty.0, pointer.0, field, UNNAMED) })
    }

    pub fn memcpy(
        &self,
        to: Value,
        to_align: u32,
        from: Value,
        from_align: u32,
        bytes: Value,
    ) -> Value {
        // SAFETY: the builder has a position; alignments are powers of two or 0.
        Value(unsafe { LLVMBuildMemCpy(self.0, to.0, to_align, from.0, from_align, bytes.0) })
    }

    pub fn memmove(
        &self,
        to: Value,
        to_align: u32,
        from: Value,
        from_align: u32,
        bytes: Value,
    ) -> Value {
        // SAFETY: as above.
        Value(unsafe { LLVMBuildMemMove(self.0, to.0, to_align, from.0, from_align, bytes.0) })
    }

    pub fn memset(&self, to: Value, byte: Value, bytes: Value, align: u32) -> Value {
        // SAFETY: as above.
        Value(unsafe { LLVMBuildMemSet(self.0, to.0, byte.0, bytes.0, align) })
    }

    /// A call of a value at a function type; the caller sets the calling convention where it is not C.
    pub fn call(&self, ty: Type, callee: Value, args: &[Value]) -> Value {
        let params = ty.params();
        assert!(
            params.len() == args.len() || ty.is_variadic() && args.len() > params.len(),
            "{} arguments for {ty}",
            args.len()
        );
        for (index, (param, arg)) in params.iter().zip(args).enumerate() {
            assert_eq!(*param, arg.ty(), "argument {index} of a call of {ty}");
        }
        // SAFETY: the builder has a position, and the arguments fit the type.
        Value(unsafe {
            let list = args.as_ptr().cast_mut().cast();
            LLVMBuildCall2(self.0, ty.0, callee.0, list, args.len() as u32, UNNAMED)
        })
    }

    /// A call of a function, with its calling convention.
    pub fn call_function(&self, function: Function, args: &[Value]) -> Value {
        let call = self.call(function.ty(), function.as_value(), args);
        call.set_call_conv(function.calling_conv());
        call
    }

    pub fn invoke(
        &self,
        ty: Type,
        callee: Value,
        args: &[Value],
        normal: Block,
        unwind: Block,
    ) -> Value {
        assert_eq!(
            ty.params().len(),
            args.len(),
            "arguments of an invoke of {ty}"
        );
        // SAFETY: the builder has a position, and the arguments fit the type.
        Value(unsafe {
            let list = args.as_ptr().cast_mut().cast();
            LLVMBuildInvoke2(
                self.0,
                ty.0,
                callee.0,
                list,
                args.len() as u32,
                normal.0,
                unwind.0,
                UNNAMED,
            )
        })
    }

    /// A call of an intrinsic by name (`llvm.sqrt`) at overloaded types.
    ///
    /// # Panics
    /// When LLVM knows no such intrinsic: that is a mistake in the plugin.
    pub fn intrinsic(&self, name: &str, overloaded: &[Type], args: &[Value]) -> Value {
        match self.function().module().intrinsic(name, overloaded) {
            Some(function) => self.call_function(function, args),
            None => panic!("LLVM has no intrinsic {name}"),
        }
    }

    pub fn br(&self, to: Block) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildBr(self.0, to.0) })
    }

    pub fn cond_br(&self, condition: Value, yes: Block, no: Block) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildCondBr(self.0, condition.0, yes.0, no.0) })
    }

    /// A switch without cases yet; add them with [`Value::add_case`].
    pub fn switch(&self, value: Value, default: Block, expected_cases: u32) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildSwitch(self.0, value.0, default.0, expected_cases) })
    }

    pub fn ret(&self, value: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildRet(self.0, value.0) })
    }

    pub fn ret_void(&self) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildRetVoid(self.0) })
    }

    pub fn unreachable(&self) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildUnreachable(self.0) })
    }

    pub fn extract_value(&self, aggregate: Value, index: u32) -> Value {
        assert!(
            u64::from(index) < aggregate.ty().member_count(),
            "member {index} of {aggregate}"
        );
        // SAFETY: the builder has a position, and the aggregate has the member.
        Value(unsafe { LLVMBuildExtractValue(self.0, aggregate.0, index, UNNAMED) })
    }

    pub fn insert_value(&self, aggregate: Value, value: Value, index: u32) -> Value {
        assert!(
            u64::from(index) < aggregate.ty().member_count(),
            "member {index} of {aggregate}"
        );
        // SAFETY: as above.
        Value(unsafe { LLVMBuildInsertValue(self.0, aggregate.0, value.0, index, UNNAMED) })
    }

    pub fn extract_element(&self, vector: Value, lane: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildExtractElement(self.0, vector.0, lane.0, UNNAMED) })
    }

    pub fn insert_element(&self, vector: Value, value: Value, lane: Value) -> Value {
        // SAFETY: the builder has a position.
        Value(unsafe { LLVMBuildInsertElement(self.0, vector.0, value.0, lane.0, UNNAMED) })
    }

    /// A shuffle; `None` in the mask is a poison lane.
    pub fn shuffle(&self, a: Value, b: Value, mask: &[Option<u32>]) -> Value {
        let i32_type = self.context().i32_type();
        let lanes: Vec<Value> = mask
            .iter()
            .map(|lane| lane.map_or(i32_type.poison(), |lane| i32_type.const_int(lane.into())))
            .collect();
        let mask = i32_type.const_vector(&lanes);
        // SAFETY: the builder has a position, and the mask is a constant vector of i32.
        Value(unsafe { LLVMBuildShuffleVector(self.0, a.0, b.0, mask.0, UNNAMED) })
    }

    /// The scalar in every lane.
    pub fn splat(&self, scalar: Value, lanes: u32) -> Value {
        let vector = scalar.ty().vector_of(lanes).poison();
        let first = self.insert_element(vector, scalar, self.context().const_i32(0));
        self.shuffle(first, vector, &vec![Some(0); lanes as usize])
    }

    /// Puts an instruction that is in no block (a clone, or one that was removed) where the builder stands.
    pub fn insert(&self, inst: Value) -> Value {
        assert!(
            inst.is_instruction() && inst.parent_block().is_none(),
            "inserting {inst}"
        );
        // SAFETY: an instruction in no block.
        unsafe { LLVMInsertIntoBuilderWithName(self.0, inst.0, UNNAMED) };
        inst
    }

    /// A private constant of these bytes and a NUL; the value is its address.
    pub fn global_string(&self, text: &CStr, name: &str) -> Value {
        let name = text::c_string(name);
        // SAFETY: the builder stands in a function of a module; LLVM copies the text.
        Value(unsafe { LLVMBuildGlobalString(self.0, text.as_ptr(), name.as_ptr()) })
    }
}

/// Gives a new access its alignment and volatility.
///
/// # Safety
/// `inst` is a load or store.
unsafe fn set_access(inst: LLVMValueRef, align: u64, volatile: bool) {
    // SAFETY: the caller vouches for the instruction.
    unsafe {
        if align != 0 {
            assert!(
                align.is_power_of_two(),
                "an alignment is a power of two, not {align}"
            );
            // LLVM's largest alignment is 2^32, the C API's 2^31: less is always right.
            LLVMSetAlignment(inst, align.min(1 << 31) as u32);
        }
        LLVMSetVolatile(inst, volatile.into());
    }
}
