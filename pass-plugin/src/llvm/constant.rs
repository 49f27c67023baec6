//! Constants and globals.

use super::{Context, Linkage, Type, TypeKind, Value, ValueKind, raw, text};
use llvm_sys::{core::*, target::*};

impl Value {
    /// The value of an integer constant of at most 64 bits, zero-extended.
    pub fn const_u64(self) -> Option<u64> {
        if self.kind() != ValueKind::ConstantInt || self.ty().int_width()? > 64 {
            return None;
        }
        // SAFETY: checked to be an integer constant that fits.
        Some(unsafe { LLVMConstIntGetZExtValue(self.0) })
    }

    /// The value of an integer constant of at most 64 bits, sign-extended.
    pub fn const_i64(self) -> Option<i64> {
        if self.kind() != ValueKind::ConstantInt || self.ty().int_width()? > 64 {
            return None;
        }
        // SAFETY: checked to be an integer constant that fits.
        Some(unsafe { LLVMConstIntGetSExtValue(self.0) })
    }

    /// The words of an integer constant of any width, least significant first.
    pub fn const_words(self) -> Option<Vec<u64>> {
        if self.kind() != ValueKind::ConstantInt {
            return None;
        }
        let mut out = vec![0; self.ty().int_width()?.div_ceil(64) as usize];
        // SAFETY: checked to be an integer constant; the shim writes no further than told.
        unsafe { raw::erx_int_words(self.0, out.as_mut_ptr(), out.len() as u32) };
        Some(out)
    }

    /// The value of a scalar floating constant, and whether `f64` lost some of it.
    pub fn const_f64(self) -> Option<(f64, bool)> {
        if self.kind() != ValueKind::ConstantFp || !self.ty().is_float() {
            return None;
        }
        let mut loses = 0;
        // SAFETY: checked to be a floating constant.
        let value = unsafe { LLVMConstRealGetDouble(self.0, &mut loses) };
        Some((value, loses != 0))
    }

    /// The bits of a scalar floating constant as an integer constant of the same width.
    pub fn const_fp_bits(self) -> Option<Value> {
        // SAFETY: checked to be a floating constant.
        (self.kind() == ValueKind::ConstantFp && self.ty().is_float())
            .then(|| Value(unsafe { raw::erx_fp_bits(self.0) }))
    }

    /// Member `index` of any constant aggregate or vector, whatever its representation.
    pub fn aggregate_element(self, index: u32) -> Option<Value> {
        if !self.is_constant() || u64::from(index) >= self.ty().member_count() {
            return None;
        }
        // SAFETY: a constant, and LLVM answers null where it has no element.
        Value::maybe(unsafe { LLVMGetAggregateElement(self.0, index) })
    }

    /// The constant vector with this scalar constant in each of so many lanes.
    pub fn splat_constant(self, lanes: u32) -> Value {
        assert!(self.is_constant(), "{self} is no constant");
        self.ty().const_vector(&vec![self; lanes as usize])
    }

    /// Whether the value is a function, variable, alias or ifunc.
    pub fn is_global(self) -> bool {
        use ValueKind::*;
        matches!(
            self.kind(),
            Function | GlobalVariable | GlobalAlias | GlobalIFunc
        )
    }

    fn check_variable(self) {
        assert_eq!(
            self.kind(),
            ValueKind::GlobalVariable,
            "{self} is no global variable"
        );
    }

    fn check_global(self) {
        assert!(self.is_global(), "{self} is no global");
    }

    /// The type of what a global holds.
    pub fn global_value_type(self) -> Type {
        self.check_global();
        // SAFETY: checked to be a global.
        Type(unsafe { LLVMGlobalGetValueType(self.0) })
    }

    pub fn initializer(self) -> Option<Value> {
        self.check_variable();
        // SAFETY: checked to be a global variable.
        Value::maybe(unsafe { LLVMGetInitializer(self.0) })
    }

    pub fn set_initializer(self, value: Value) {
        self.check_variable();
        assert_eq!(value.ty(), self.global_value_type(), "initializing {self}");
        // SAFETY: a global variable and a constant of its type.
        unsafe { LLVMSetInitializer(self.0, value.0) }
    }

    /// Whether a global variable is declared `constant`.
    pub fn is_constant_global(self) -> bool {
        self.check_variable();
        // SAFETY: checked to be a global variable.
        unsafe { LLVMIsGlobalConstant(self.0) != 0 }
    }

    pub fn set_constant_global(self, constant: bool) {
        self.check_variable();
        // SAFETY: checked to be a global variable.
        unsafe { LLVMSetGlobalConstant(self.0, constant.into()) }
    }

    pub fn is_thread_local(self) -> bool {
        self.check_variable();
        // SAFETY: checked to be a global variable.
        unsafe { LLVMIsThreadLocal(self.0) != 0 }
    }

    pub fn set_thread_local(self, thread_local: bool) {
        self.check_variable();
        // SAFETY: checked to be a global variable.
        unsafe { LLVMSetThreadLocal(self.0, thread_local.into()) }
    }

    pub fn is_declaration(self) -> bool {
        self.check_global();
        // SAFETY: checked to be a global.
        unsafe { LLVMIsDeclaration(self.0) != 0 }
    }

    pub fn linkage(self) -> Linkage {
        self.check_global();
        // SAFETY: checked to be a global.
        Linkage::from_raw(unsafe { raw::erx_linkage(self.0) })
    }

    pub fn set_linkage(self, linkage: Linkage) {
        use llvm_sys::LLVMLinkage::*;
        self.check_global();
        let linkage = match linkage {
            Linkage::External => LLVMExternalLinkage,
            Linkage::AvailableExternally => LLVMAvailableExternallyLinkage,
            Linkage::LinkOnceAny => LLVMLinkOnceAnyLinkage,
            Linkage::LinkOnceOdr => LLVMLinkOnceODRLinkage,
            Linkage::WeakAny => LLVMWeakAnyLinkage,
            Linkage::WeakOdr => LLVMWeakODRLinkage,
            Linkage::Appending => LLVMAppendingLinkage,
            Linkage::Internal => LLVMInternalLinkage,
            Linkage::Private => LLVMPrivateLinkage,
            Linkage::ExternalWeak => LLVMExternalWeakLinkage,
            Linkage::Common => LLVMCommonLinkage,
            Linkage::Other(number) => panic!("no linkage has the number {number}"),
        };
        // SAFETY: checked to be a global.
        unsafe { LLVMSetLinkage(self.0, linkage) }
    }

    pub fn set_alignment(self, bytes: u32) {
        assert!(
            bytes.is_power_of_two(),
            "an alignment is a power of two, not {bytes}"
        );
        // SAFETY: LLVM takes globals, allocas, loads and stores, and asserts the rest away.
        unsafe { LLVMSetAlignment(self.0, bytes) }
    }

    /// Erases a global variable that has no uses.
    pub fn erase_global(self) {
        self.check_variable();
        assert!(!self.is_used(), "erasing {self}");
        // SAFETY: a global variable without users.
        unsafe { LLVMDeleteGlobal(self.0) }
    }

    /// What an alias stands for.
    pub fn aliasee(self) -> Option<Value> {
        // SAFETY: checked to be an alias.
        (self.kind() == ValueKind::GlobalAlias)
            .then(|| Value(unsafe { LLVMAliasGetAliasee(self.0) }))
    }

    /// The object that a chain of casts, constant GEPs and aliases of constants ends in; itself when there is none.
    pub fn strip_constant_casts(self) -> Value {
        use super::Opcode::*;
        let mut at = self;
        loop {
            at = match at.kind() {
                ValueKind::ConstantExpr(
                    BitCast | AddrSpaceCast | IntToPtr | PtrToInt | GetElementPtr,
                ) => at.operand(0),
                ValueKind::GlobalAlias => match at.aliasee() {
                    Some(next) => next,
                    None => return at,
                },
                _ => return at,
            }
        }
    }

    /// The text and the constraints of inline assembly.
    pub fn inline_asm(self) -> Option<(String, String)> {
        if self.kind() != ValueKind::InlineAsm {
            return None;
        }
        let (mut a, mut b) = (0, 0);
        // SAFETY: checked to be inline assembly; LLVM sets the lengths.
        unsafe {
            let asm = LLVMGetInlineAsmAsmString(self.0, &mut a);
            let constraints = LLVMGetInlineAsmConstraintString(self.0, &mut b);
            Some((text::borrowed(asm, a), text::borrowed(constraints, b)))
        }
    }
}

impl super::Module {
    /// The object that a constant address lies in, and how many bytes from its start.
    pub fn constant_base(self, address: Value) -> (Value, i64) {
        assert!(address.ty().is_pointer(), "{address} is no address");
        let mut offset = 0;
        // SAFETY: checked to be a pointer; the shim writes the offset and nothing else.
        let base = unsafe { raw::erx_constant_base(address.0, self.0, &mut offset) };
        (Value(base), offset)
    }

    /// The constant address so many bytes behind another.
    pub fn constant_offset(self, address: Value, bytes: i64) -> Value {
        assert!(
            address.is_constant() && address.ty().is_pointer(),
            "{address}"
        );
        let c = address.context();
        let mut index = [c.i64_type().const_int_signed(bytes).0];
        // SAFETY: a constant pointer and a constant index.
        Value(unsafe { LLVMConstGEP2(c.i8_type().0, address.0, index.as_mut_ptr(), 1) })
    }

    /// Where member `index` of an array or a struct lies.
    pub fn member_offset(self, ty: Type, index: u32) -> u64 {
        match ty.kind() {
            TypeKind::Struct => self.field_offset(ty, index),
            _ => u64::from(index) * self.abi_size(ty.member(index)),
        }
    }

    fn layout(self) -> LLVMTargetDataRef {
        // SAFETY: the module is alive; the layout belongs to it.
        unsafe { LLVMGetModuleDataLayout(self.0) }
    }

    pub fn size_in_bits(self, ty: Type) -> u64 {
        assert!(ty.is_sized(), "{ty} has no size");
        // SAFETY: a sized type.
        unsafe { LLVMSizeOfTypeInBits(self.layout(), ty.0) }
    }

    /// The bytes that a store of this type writes.
    pub fn store_size(self, ty: Type) -> u64 {
        assert!(ty.is_sized(), "{ty} has no size");
        // SAFETY: a sized type.
        unsafe { LLVMStoreSizeOfType(self.layout(), ty.0) }
    }

    /// The stride of an array of this type; 0 where that depends on the machine.
    pub fn abi_size(self, ty: Type) -> u64 {
        assert!(ty.is_sized(), "{ty} has no size");
        if ty.is_scalable() {
            return 0;
        }
        // SAFETY: a sized type.
        unsafe { LLVMABISizeOfType(self.layout(), ty.0) }
    }

    pub fn abi_align(self, ty: Type) -> u32 {
        assert!(ty.is_sized(), "{ty} has no alignment");
        // SAFETY: a sized type.
        unsafe { LLVMABIAlignmentOfType(self.layout(), ty.0) }
    }

    /// The bytes of a pointer in address space 0.
    pub fn pointer_size(self) -> u32 {
        // SAFETY: the layout is the module's.
        unsafe { LLVMPointerSize(self.layout()) }
    }

    /// The integer type as wide as a pointer.
    pub fn int_ptr_type(self) -> Type {
        let context: Context = self.context();
        // SAFETY: the layout is the module's.
        Type(unsafe { LLVMIntPtrTypeInContext(context.0, self.layout()) })
    }

    /// The byte offset of field `index` of a struct.
    pub fn field_offset(self, ty: Type, index: u32) -> u64 {
        assert!(
            u64::from(index) < ty.member_count() && ty.is_sized(),
            "field {index} of {ty}"
        );
        // SAFETY: a sized struct and a field that it has.
        unsafe { LLVMOffsetOfElement(self.layout(), ty.0, index) }
    }
}
