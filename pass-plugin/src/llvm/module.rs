//! Modules.

use super::{Context, Function, Metadata, Type, Value, raw, text};
use llvm_sys::{
    analysis::{LLVMVerifierFailureAction, LLVMVerifyModule},
    core::*,
    error::{LLVMDisposeErrorMessage, LLVMGetErrorMessage},
    prelude::*,
    transforms::pass_builder::*,
};
use std::{ffi::CStr, fmt, ptr};

/// A module.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct Module(pub(super) LLVMModuleRef);

impl Module {
    /// A handle on the module that the host passed in.
    ///
    /// # Safety
    /// `module` is a live module, which the caller holds for as long as handles are used.
    pub unsafe fn from_raw(module: LLVMModuleRef) -> Module {
        Module(module)
    }

    /// Parses textual IR into a module of its own, which the caller disposes of.
    pub fn parse(context: Context, source: &str) -> Result<Module, String> {
        let mut error = ptr::null_mut();
        // SAFETY: the context is alive; the shim copies the text and sets the error when it returns null.
        unsafe {
            let module =
                raw::erx_parse_module(context.0, source.as_ptr().cast(), source.len(), &mut error);
            if module.is_null() {
                Err(text::owned(error).unwrap_or_default())
            } else {
                Ok(Module(module))
            }
        }
    }

    /// Frees a module that [`Module::parse`] made.
    pub fn dispose(self) {
        // SAFETY: the caller made the module and gives up every handle into it.
        unsafe { LLVMDisposeModule(self.0) }
    }

    pub fn context(self) -> Context {
        // SAFETY: the module is alive.
        Context(unsafe { LLVMGetModuleContext(self.0) })
    }

    pub fn source_filename(self) -> String {
        let mut len = 0;
        // SAFETY: the module is alive and LLVM sets the length.
        unsafe {
            let at = LLVMGetSourceFileName(self.0, &mut len);
            text::borrowed(at, len)
        }
    }

    pub fn identifier(self) -> String {
        let mut len = 0;
        // SAFETY: the module is alive and LLVM sets the length.
        unsafe {
            let at = LLVMGetModuleIdentifier(self.0, &mut len);
            text::borrowed(at, len)
        }
    }

    pub fn target_triple(self) -> String {
        // SAFETY: the module is alive.
        unsafe { text::borrowed_c(LLVMGetTarget(self.0)) }.unwrap_or_default()
    }

    pub fn data_layout_text(self) -> String {
        // SAFETY: the module is alive.
        unsafe { text::borrowed_c(LLVMGetDataLayoutStr(self.0)) }.unwrap_or_default()
    }

    /// The functions as they are now.
    pub fn functions(self) -> Vec<Function> {
        let mut out = Vec::new();
        // SAFETY: the module is alive and not changed while it is walked.
        unsafe {
            let mut at = LLVMGetFirstFunction(self.0);
            while !at.is_null() {
                out.push(Function(at));
                at = LLVMGetNextFunction(at);
            }
        }
        out
    }

    /// The global variables as they are now.
    pub fn globals(self) -> Vec<Value> {
        let mut out = Vec::new();
        // SAFETY: as above.
        unsafe {
            let mut at = LLVMGetFirstGlobal(self.0);
            while !at.is_null() {
                out.push(Value(at));
                at = LLVMGetNextGlobal(at);
            }
        }
        out
    }

    pub fn aliases(self) -> Vec<Value> {
        let mut out = Vec::new();
        // SAFETY: as above.
        unsafe {
            let mut at = LLVMGetFirstGlobalAlias(self.0);
            while !at.is_null() {
                out.push(Value(at));
                at = LLVMGetNextGlobalAlias(at);
            }
        }
        out
    }

    pub fn function(self, name: &str) -> Option<Function> {
        // SAFETY: the module is alive and the name a live slice.
        let found = unsafe { raw::erx_named_function(self.0, name.as_ptr().cast(), name.len()) };
        (!found.is_null()).then_some(Function(found))
    }

    pub fn global(self, name: &str) -> Option<Value> {
        // SAFETY: as above.
        Value::maybe(unsafe { raw::erx_named_variable(self.0, name.as_ptr().cast(), name.len()) })
    }

    /// A new declaration; LLVM appends a number when the name is taken.
    pub fn add_function(self, name: &str, ty: Type) -> Function {
        let name = text::c_string(name);
        // SAFETY: the module is alive and the type a function type, which LLVM checks by a cast.
        Function(unsafe { LLVMAddFunction(self.0, name.as_ptr(), ty.0) })
    }

    /// The function of that name, declared if need be; `None` when the name has another type.
    pub fn get_or_add_function(self, name: &str, ty: Type) -> Option<Function> {
        match self.function(name) {
            Some(found) => (found.ty() == ty).then_some(found),
            None => Some(self.add_function(name, ty)),
        }
    }

    /// A new global variable, external and without initializer.
    pub fn add_global(self, name: &str, ty: Type) -> Value {
        let name = text::c_string(name);
        // SAFETY: the module is alive.
        Value(unsafe { LLVMAddGlobal(self.0, ty.0, name.as_ptr()) })
    }

    /// The declaration of an intrinsic (`llvm.memcpy`, without the types) at the overloaded types.
    pub fn intrinsic(self, name: &str, overloaded: &[Type]) -> Option<Function> {
        // SAFETY: the name is a live slice; the id is checked, and LLVM copies the types.
        unsafe {
            let id = LLVMLookupIntrinsicID(name.as_ptr().cast(), name.len());
            if id == 0 {
                return None;
            }
            let types = overloaded.as_ptr().cast_mut().cast();
            Some(Function(LLVMGetIntrinsicDeclaration(
                self.0,
                id,
                types,
                overloaded.len(),
            )))
        }
    }

    /// The verifier's verdict on the whole module.
    pub fn verify(self) -> Result<(), String> {
        let mut message = ptr::null_mut();
        // SAFETY: the module is alive; the message is ours whatever the verdict.
        unsafe {
            let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
            let broken = LLVMVerifyModule(self.0, action, &mut message) != 0;
            let text = text::owned(message).unwrap_or_default();
            if broken { Err(text) } else { Ok(()) }
        }
    }

    /// Runs module passes in `opt`'s syntax.
    pub fn run_passes(self, passes: &str) -> Result<(), String> {
        let passes = text::c_string(passes);
        // SAFETY: the module is alive; target-independent passes need no machine; the options live for the call; an error's
        // message is copied before it is disposed of.
        unsafe {
            let options = LLVMCreatePassBuilderOptions();
            let error = LLVMRunPasses(self.0, passes.as_ptr(), ptr::null_mut(), options);
            LLVMDisposePassBuilderOptions(options);
            if error.is_null() {
                return Ok(());
            }
            let message = LLVMGetErrorMessage(error);
            let text = CStr::from_ptr(message).to_string_lossy().into_owned();
            LLVMDisposeErrorMessage(message);
            Err(text)
        }
    }

    /// Parses textual IR in this module's context and links it in; functions already defined here are kept.
    pub fn link_text(self, source: &str, what: &str) -> Result<(), String> {
        // SAFETY: the module is alive; the shim copies both texts; the message is ours.
        let error = unsafe {
            let (text, name) = (source.as_ptr().cast(), what.as_ptr().cast());
            text::owned(raw::erx_link_text(
                self.0,
                text,
                source.len(),
                name,
                what.len(),
            ))
        };
        error.map_or(Ok(()), Err)
    }

    /// Keeps a global from being removed until [`Module::unretain`], also in later steps of the build.
    pub fn retain(self, global: Value) {
        assert!(global.is_global(), "keeping {global}");
        // SAFETY: a global of this module.
        unsafe { raw::erx_retain(self.0, global.0) }
    }

    /// Undoes [`Module::retain`], and the user's own `__attribute__((used))`.
    pub fn unretain(self, global: Value) {
        assert!(global.is_global(), "letting go of {global}");
        // SAFETY: a global of this module.
        unsafe { raw::erx_unretain(self.0, global.0) }
    }

    /// A module flag's value.
    pub fn flag(self, name: &str) -> Option<Metadata> {
        // SAFETY: the module is alive and the name a live slice.
        Metadata::maybe(unsafe { raw::erx_module_flag(self.0, name.as_ptr().cast(), name.len()) })
    }

    /// A module flag with an integer value.
    pub fn flag_u64(self, name: &str) -> Option<u64> {
        self.flag(name)?.as_constant()?.const_u64()
    }

    /// Node `index` of a named metadata list.
    pub fn named_metadata(self, name: &str, index: u32) -> Option<Metadata> {
        // SAFETY: as above; null says that there is none.
        Metadata::maybe(unsafe {
            raw::erx_named_md_node(self.0, name.as_ptr().cast(), name.len(), index)
        })
    }

    /// The producers of the module (`!llvm.ident`).
    pub fn idents(self) -> Vec<String> {
        (0..)
            .map_while(|index| self.named_metadata("llvm.ident", index))
            .filter_map(|node| node.operands().first().copied().flatten()?.as_string())
            .collect()
    }
}

impl fmt::Display for Module {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the module is alive; the message is ours.
        out.write_str(&unsafe { text::owned(LLVMPrintModuleToString(self.0)) }.unwrap_or_default())
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "module {}", self.identifier())
    }
}
