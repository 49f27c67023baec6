//! Queries on calls: `call`, `invoke` and `callbr`.

use super::{
    AttrIndex, Attribute, Block, Function, MemoryEffects, Opcode, Type, Value, ValueKind, raw, text,
};
use llvm_sys::{LLVMTailCallKind, core::*};

/// The tail-call marker of a call.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TailCall {
    None,
    Tail,
    MustTail,
    NoTail,
}

impl Value {
    pub fn is_call(self) -> bool {
        self.opcode().is_some_and(Opcode::is_call)
    }

    pub fn is_invoke(self) -> bool {
        self.is_op(Opcode::Invoke)
    }

    fn check_call(self) {
        assert!(self.is_call(), "{self} is no call");
    }

    /// What is called: a function, inline assembly, or a pointer.
    pub fn callee(self) -> Value {
        self.check_call();
        // SAFETY: checked to be a call.
        Value(unsafe { LLVMGetCalledValue(self.0) })
    }

    /// The function that is called directly, seen through aliases; with the callee's type differing from the call's
    /// it is not a direct call.
    pub fn called_function(self) -> Option<Function> {
        let function = self.callee().strip_constant_casts().as_function()?;
        (function.ty() == self.called_type()).then_some(function)
    }

    /// The name of the intrinsic that is called, such as `llvm.fabs.f64`.
    pub fn intrinsic_name(self) -> Option<String> {
        let function = self.called_function()?;
        function.intrinsic_id().map(|_| function.name())
    }

    /// The function type of the call.
    pub fn called_type(self) -> Type {
        self.check_call();
        // SAFETY: checked to be a call.
        Type(unsafe { LLVMGetCalledFunctionType(self.0) })
    }

    pub fn arg_count(self) -> u32 {
        self.check_call();
        // SAFETY: checked to be a call.
        unsafe { LLVMGetNumArgOperands(self.0) }
    }

    /// The arguments, without the callee, destinations and bundles.
    pub fn args(self) -> Vec<Value> {
        // SAFETY: arguments are the first operands of a call.
        (0..self.arg_count())
            .map(|index| Value(unsafe { LLVMGetOperand(self.0, index) }))
            .collect()
    }

    pub fn arg(self, index: u32) -> Value {
        assert!(index < self.arg_count(), "argument {index} of {self}");
        self.operand(index)
    }

    pub fn is_inline_asm_call(self) -> bool {
        self.callee().kind() == ValueKind::InlineAsm
    }

    /// LLVM's number of the calling convention.
    pub fn call_conv(self) -> u32 {
        self.check_call();
        // SAFETY: checked to be a call.
        unsafe { LLVMGetInstructionCallConv(self.0) }
    }

    pub fn set_call_conv(self, number: u32) {
        self.check_call();
        // SAFETY: checked to be a call.
        unsafe { LLVMSetInstructionCallConv(self.0, number) }
    }

    /// The tags of the operand bundles.
    pub fn operand_bundles(self) -> Vec<String> {
        self.check_call();
        let mut out: Vec<String> = Vec::new();
        // SAFETY: a call; the sink is given the list that it expects.
        unsafe { raw::erx_call_bundle_tags(self.0, text::collect_texts, (&raw mut out).cast()) };
        out
    }

    pub fn normal_dest(self) -> Block {
        self.check_op(&[Opcode::Invoke]);
        // SAFETY: checked to be an invoke.
        Block(unsafe { LLVMGetNormalDest(self.0) })
    }

    /// Before an invoke is removed: control goes on to its normal destination. Nothing for a call.
    pub fn end_invoke(self) {
        if !self.is_invoke() {
            return;
        }
        super::Builder::before(self).br(self.normal_dest());
        if let Some(here) = self.parent_block() {
            for phi in self.unwind_dest().phis() {
                phi.remove_incoming(here);
            }
        }
    }

    pub fn unwind_dest(self) -> Block {
        self.check_op(&[Opcode::Invoke]);
        // SAFETY: checked to be an invoke.
        Block(unsafe { LLVMGetUnwindDest(self.0) })
    }

    pub fn tail_call(self) -> TailCall {
        if !self.is_op(Opcode::Call) {
            return TailCall::None;
        }
        // SAFETY: checked to be a call instruction; LLVM has these four kinds.
        match unsafe { LLVMGetTailCallKind(self.0) } {
            LLVMTailCallKind::LLVMTailCallKindNone => TailCall::None,
            LLVMTailCallKind::LLVMTailCallKindTail => TailCall::Tail,
            LLVMTailCallKind::LLVMTailCallKindMustTail => TailCall::MustTail,
            LLVMTailCallKind::LLVMTailCallKindNoTail => TailCall::NoTail,
        }
    }

    pub fn set_tail_call(self, kind: TailCall) {
        self.check_op(&[Opcode::Call]);
        let kind = match kind {
            TailCall::None => LLVMTailCallKind::LLVMTailCallKindNone,
            TailCall::Tail => LLVMTailCallKind::LLVMTailCallKindTail,
            TailCall::MustTail => LLVMTailCallKind::LLVMTailCallKindMustTail,
            TailCall::NoTail => LLVMTailCallKind::LLVMTailCallKindNoTail,
        };
        // SAFETY: checked to be a call instruction.
        unsafe { LLVMSetTailCallKind(self.0, kind) }
    }

    /// What a call may do to memory, from the call's and the callee's attributes.
    pub fn memory_effects(self) -> MemoryEffects {
        self.check_call();
        // SAFETY: checked to be a call.
        MemoryEffects(unsafe { raw::erx_call_memory_effects(self.0) })
    }

    /// Whether the call or its callee has the enum attribute there.
    pub fn call_has_attr(self, at: AttrIndex, name: &str) -> bool {
        self.check_call();
        let Some(kind) = Attribute::kind_number(name) else {
            return false;
        };
        // SAFETY: a call, and a kind that LLVM knows.
        unsafe { raw::erx_call_has_attr(self.0, at.to_raw(), kind) }
    }

    /// Whether the call's argument has the enum attribute, on the call or on the callee's parameter.
    pub fn arg_has_attr(self, index: u32, name: &str) -> bool {
        self.call_has_attr(AttrIndex::Param(index), name)
    }

    /// The attributes written on the call itself.
    pub fn call_attributes(self, at: AttrIndex) -> Vec<Attribute> {
        self.check_call();
        // SAFETY: a call; LLVM fills exactly the counted number.
        unsafe {
            let count = LLVMGetCallSiteAttributeCount(self.0, at.to_raw()) as usize;
            let mut out = vec![Attribute(std::ptr::null_mut()); count];
            if count != 0 {
                LLVMGetCallSiteAttributes(self.0, at.to_raw(), out.as_mut_ptr().cast());
            }
            out
        }
    }

    /// An attribute by name (enum) or key (string), from the call, else from its callee.
    pub fn call_attribute(self, at: AttrIndex, name: &str) -> Option<Attribute> {
        self.call_attributes(at)
            .into_iter()
            .find(|attribute| attribute.name() == name)
            .or_else(|| self.called_function()?.attribute(at, name))
    }

    pub fn add_call_attribute(self, at: AttrIndex, attribute: Attribute) {
        self.check_call();
        // SAFETY: a call and an attribute of its context.
        unsafe { LLVMAddCallSiteAttribute(self.0, at.to_raw(), attribute.0) }
    }

    pub fn remove_call_attribute(self, at: AttrIndex, name: &str) {
        self.check_call();
        // SAFETY: a call; the kind is LLVM's or a string.
        unsafe {
            match Attribute::kind_number(name) {
                Some(kind) => LLVMRemoveCallSiteEnumAttribute(self.0, at.to_raw(), kind),
                None => LLVMRemoveCallSiteStringAttribute(
                    self.0,
                    at.to_raw(),
                    name.as_ptr().cast(),
                    name.len() as u32,
                ),
            }
        }
    }

    /// Inlines a direct call of a function with a body, scopes for `noalias` parameters included; the call is gone
    /// afterwards. Returns the calls that came with the body; the error is LLVM's reason.
    pub fn inline_call(self) -> Result<Vec<Value>, String> {
        extern "C" fn add(state: *mut std::ffi::c_void, call: llvm_sys::prelude::LLVMValueRef) {
            // SAFETY: the state is the vector below, which outlives the call of the shim.
            unsafe { (*state.cast::<Vec<Value>>()).push(Value(call)) };
        }
        self.check_call();
        let mut calls: Vec<Value> = Vec::new();
        let state = (&raw mut calls).cast();
        // SAFETY: a call; the shim checks the callee, and hands instructions of the caller to the sink.
        match unsafe { text::owned(raw::erx_inline_call(self.0, add, state)) } {
            None => Ok(calls),
            Some(why) => Err(why),
        }
    }
}
