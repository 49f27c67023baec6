//! Functions.

use super::{Block, Context, Linkage, MemoryEffects, Metadata, Module, Type, Value, raw, text};
use llvm_sys::{core::*, debuginfo::*, prelude::*};
use std::{ffi::c_void, fmt, ptr};

/// A function, defined or declared.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Function(pub(super) LLVMValueRef);

/// The outcome of [`Function::clone_into`].
#[derive(Debug)]
pub struct ClonedFunction {
    pub function: Function,
    /// (old, new) of every argument, then of every block (as values), then of every instruction, in the old order.
    pub pairs: Vec<(Value, Value)>,
}

impl Function {
    pub fn as_value(self) -> Value {
        Value(self.0)
    }

    pub fn id(self) -> usize {
        self.0 as usize
    }

    pub fn name(self) -> String {
        self.as_value().name()
    }

    pub fn set_name(self, name: &str) {
        self.as_value().set_name(name);
    }

    pub fn context(self) -> Context {
        self.as_value().context()
    }

    pub fn module(self) -> Module {
        // SAFETY: the function is alive; every function that we see is in a module.
        Module(unsafe { LLVMGetGlobalParent(self.0) })
    }

    /// The function type.
    pub fn ty(self) -> Type {
        self.as_value().global_value_type()
    }

    pub fn return_type(self) -> Type {
        self.ty().return_type()
    }

    pub fn is_variadic(self) -> bool {
        self.ty().is_variadic()
    }

    pub fn is_declaration(self) -> bool {
        self.as_value().is_declaration()
    }

    /// Whether the body that we see is the one that will run: defined, and not replaceable at link time.
    pub fn has_exact_body(self) -> bool {
        !self.is_declaration() && !self.linkage().is_interposable()
    }

    pub fn param_count(self) -> u32 {
        // SAFETY: the function is alive.
        unsafe { LLVMCountParams(self.0) }
    }

    pub fn params(self) -> Vec<Value> {
        let mut out = vec![Value(ptr::null_mut()); self.param_count() as usize];
        // SAFETY: LLVM fills exactly the counted number.
        unsafe { LLVMGetParams(self.0, out.as_mut_ptr().cast()) };
        out
    }

    pub fn param(self, index: u32) -> Value {
        assert!(
            index < self.param_count(),
            "parameter {index} of {}",
            self.name()
        );
        // SAFETY: the index is in range.
        Value(unsafe { LLVMGetParam(self.0, index) })
    }

    /// The blocks in layout order, the entry first.
    pub fn blocks(self) -> Vec<Block> {
        // SAFETY: the function is alive; LLVM fills exactly the counted number.
        unsafe {
            let mut out = vec![Block(ptr::null_mut()); LLVMCountBasicBlocks(self.0) as usize];
            LLVMGetBasicBlocks(self.0, out.as_mut_ptr().cast());
            out
        }
    }

    /// All instructions in layout order.
    pub fn instructions(self) -> Vec<Value> {
        self.blocks()
            .into_iter()
            .flat_map(Block::instructions)
            .collect()
    }

    /// The entry block.
    ///
    /// # Panics
    /// On a declaration.
    pub fn entry(self) -> Block {
        assert!(!self.is_declaration(), "{} has no body", self.name());
        // SAFETY: checked to have a body.
        Block(unsafe { LLVMGetEntryBasicBlock(self.0) })
    }

    pub fn append_block(self, name: &str) -> Block {
        let name = text::c_string(name);
        // SAFETY: the function is alive.
        Block(unsafe { LLVMAppendBasicBlockInContext(self.context().0, self.0, name.as_ptr()) })
    }

    pub fn linkage(self) -> Linkage {
        self.as_value().linkage()
    }

    pub fn set_linkage(self, linkage: Linkage) {
        self.as_value().set_linkage(linkage);
    }

    pub fn users(self) -> Vec<Value> {
        self.as_value().users()
    }

    pub fn replace_all_uses_with(self, other: Value) {
        self.as_value().replace_all_uses_with(other);
    }

    /// Makes the function a declaration.
    pub fn delete_body(self) {
        // SAFETY: the function is alive; handles into its body die here.
        unsafe { raw::erx_delete_body(self.0) }
    }

    /// Erases the function, which must have no users.
    pub fn erase(self) {
        assert!(
            !self.as_value().is_used(),
            "erasing {} while it is used",
            self.name()
        );
        // SAFETY: a function without users.
        unsafe { LLVMDeleteFunction(self.0) }
    }

    pub fn personality(self) -> Option<Value> {
        // SAFETY: the personality is asked for only where there is one.
        unsafe { (LLVMHasPersonalityFn(self.0) != 0).then(|| Value(LLVMGetPersonalityFn(self.0))) }
    }

    pub fn set_personality(self, personality: Option<Value>) {
        // SAFETY: null takes the personality away.
        unsafe {
            LLVMSetPersonalityFn(self.0, personality.map_or(ptr::null_mut(), |value| value.0))
        }
    }

    /// LLVM's number of the calling convention; 0 is C, 8 fast.
    pub fn calling_conv(self) -> u32 {
        // SAFETY: the function is alive.
        unsafe { LLVMGetFunctionCallConv(self.0) }
    }

    pub fn set_calling_conv(self, number: u32) {
        // SAFETY: the function is alive.
        unsafe { LLVMSetFunctionCallConv(self.0, number) }
    }

    pub fn gc(self) -> Option<String> {
        // SAFETY: the function is alive; null says that there is none.
        unsafe { text::borrowed_c(LLVMGetGC(self.0)) }
    }

    pub fn set_gc(self, name: &str) {
        let name = text::c_string(name);
        // SAFETY: the function is alive; LLVM copies the name.
        unsafe { LLVMSetGC(self.0, name.as_ptr()) }
    }

    pub fn has_comdat(self) -> bool {
        // SAFETY: the function is alive.
        unsafe { raw::erx_has_comdat(self.0) }
    }

    pub fn drop_comdat(self) {
        // SAFETY: the function is alive.
        unsafe { raw::erx_drop_comdat(self.0) }
    }

    /// The number of the intrinsic, or `None` for an ordinary function.
    pub fn intrinsic_id(self) -> Option<u32> {
        // SAFETY: the function is alive.
        let id = unsafe { LLVMGetIntrinsicID(self.0) };
        (id != 0).then_some(id)
    }

    /// The function's debug information.
    pub fn subprogram(self) -> Option<Metadata> {
        // SAFETY: the function is alive.
        Metadata::maybe(unsafe { LLVMGetSubprogram(self.0) })
    }

    /// Takes the debug information away; instructions must lose their locations too (`Value::set_debug_loc(None)`).
    pub fn clear_subprogram(self) {
        // SAFETY: null takes the subprogram away.
        unsafe { LLVMSetSubprogram(self.0, ptr::null_mut()) }
    }

    /// The source line of the function, from its debug information.
    pub fn line(self) -> Option<u32> {
        // SAFETY: the subprogram is alive.
        self.subprogram()
            .map(|scope| unsafe { raw::erx_subprogram_line(scope.0) })
            .filter(|line| *line != 0)
    }

    pub fn memory_effects(self) -> MemoryEffects {
        // SAFETY: the function is alive.
        MemoryEffects(unsafe { raw::erx_function_memory_effects(self.0) })
    }

    /// A copy of the function under a new name, internal and without comdat, attributes as they are.
    pub fn clone_into(self, name: &str) -> ClonedFunction {
        extern "C" fn sink(state: *mut c_void, old: LLVMValueRef, new: LLVMValueRef) {
            // SAFETY: `clone_into` passes its list as the state.
            unsafe { (*state.cast::<Vec<(Value, Value)>>()).push((Value(old), Value(new))) }
        }
        assert!(
            !self.is_declaration(),
            "cloning {}, which has no body",
            self.name()
        );
        let mut pairs = Vec::new();
        // SAFETY: a function with a body; the sink is called only within this call.
        let function = Function(unsafe {
            raw::erx_clone_function(
                self.0,
                name.as_ptr().cast(),
                name.len(),
                sink,
                (&raw mut pairs).cast(),
            )
        });
        ClonedFunction { function, pairs }
    }

    /// LLVM's verifier's verdict.
    pub fn verify(self) -> Result<(), String> {
        // SAFETY: the function is alive; the message is ours.
        unsafe { text::owned(raw::erx_verify_function(self.0)) }.map_or(Ok(()), Err)
    }

    /// Runs function passes in `opt`'s syntax, such as `sroa,instcombine<no-verify-fixpoint>`.
    pub fn run_passes(self, passes: &str) -> Result<(), String> {
        assert!(
            !self.is_declaration(),
            "running passes on {}, which has no body",
            self.name()
        );
        // SAFETY: a function with a body; target-independent passes need no target machine; the message is ours.
        let error = unsafe {
            let list = passes.as_ptr().cast();
            text::owned(raw::erx_run_function_passes(self.0, list, passes.len()))
        };
        error.map_or(Ok(()), Err)
    }

    /// Promotes the promotable ones of these allocas to SSA; returns how many there were.
    pub fn promote_allocas(self, allocas: &[Value]) -> usize {
        // SAFETY: the allocas are of this function; `Value` is transparent over the reference.
        unsafe { raw::erx_promote_allocas(self.0, allocas.as_ptr().cast(), allocas.len()) }
    }

    /// Drops what the debugger would show of variables; the lines of instructions stay.
    pub fn drop_debug_records(self) {
        // SAFETY: the function is alive.
        unsafe { raw::erx_drop_debug_records(self.0) }
    }

    /// Rewrites constant expressions among operands as instructions; returns how many operands changed.
    pub fn expand_constant_exprs(self) -> usize {
        // SAFETY: the function is alive.
        unsafe { raw::erx_expand_constant_exprs(self.0) }
    }

    pub fn remove_unreachable_blocks(self) {
        // SAFETY: the function is alive; handles into removed blocks die here.
        unsafe { raw::erx_remove_unreachable_blocks(self.0) }
    }

    /// Asks LLVM to leave the loops as they are until [`Function::release_loops`]; returns how many were marked.
    pub fn hold_loops(self) -> usize {
        if self.is_declaration() {
            return 0;
        }
        // SAFETY: a function with a body.
        unsafe { raw::erx_hold_loops(self.0) }
    }

    /// Undoes [`Function::hold_loops`]; returns how many loops were released.
    pub fn release_loops(self) -> usize {
        // SAFETY: the function is alive.
        unsafe { raw::erx_release_loops(self.0) }
    }
}

impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_value(), out)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "@{}", self.name())
    }
}
