//! Contexts and types, and the constants that a type makes.

use super::{Value, raw, text};
use llvm_sys::{core::*, prelude::*};
use std::{fmt, ptr};

/// An LLVM context: the owner of types, constants and metadata.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Context(pub(super) LLVMContextRef);

/// A type of the IR.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Type(pub(super) LLVMTypeRef);

/// What a type is, with what can be said in a word.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeKind {
    Void,
    Half,
    BFloat,
    Float,
    Double,
    X86Fp80,
    Fp128,
    PpcFp128,
    Label,
    /// An integer of so many bits.
    Integer(u32),
    Function,
    Struct,
    /// An array of so many elements.
    Array(u64),
    /// A pointer into this address space.
    Pointer(u32),
    /// A vector of so many elements.
    Vector(u32),
    /// A vector of at least so many elements.
    ScalableVector(u32),
    Metadata,
    Token,
    X86Amx,
    TargetExt,
    /// A kind this version of the plugin has no name for.
    Other,
}

impl Context {
    /// A new context that the caller owns; LLVM's hosts give us theirs, so only tests make one.
    pub fn create() -> Context {
        // SAFETY: creating a context has no precondition.
        Context(unsafe { LLVMContextCreate() })
    }

    /// Frees a context made by [`Context::create`]; no handle of it may be used afterwards.
    pub fn dispose(self) {
        // SAFETY: the caller made the context and gives up every handle into it.
        unsafe { LLVMContextDispose(self.0) }
    }

    pub fn void_type(self) -> Type {
        // SAFETY: the context is alive (see the invariant of `llvm`).
        Type(unsafe { LLVMVoidTypeInContext(self.0) })
    }

    pub fn int_type(self, bits: u32) -> Type {
        // SAFETY: as above; any width from 1 to 2^23 is a type.
        Type(unsafe { LLVMIntTypeInContext(self.0, bits) })
    }

    pub fn bool_type(self) -> Type {
        self.int_type(1)
    }

    pub fn i8_type(self) -> Type {
        self.int_type(8)
    }

    pub fn i32_type(self) -> Type {
        self.int_type(32)
    }

    pub fn i64_type(self) -> Type {
        self.int_type(64)
    }

    pub fn half_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMHalfTypeInContext(self.0) })
    }

    pub fn bfloat_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMBFloatTypeInContext(self.0) })
    }

    pub fn float_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMFloatTypeInContext(self.0) })
    }

    pub fn double_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMDoubleTypeInContext(self.0) })
    }

    pub fn x86_fp80_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMX86FP80TypeInContext(self.0) })
    }

    pub fn fp128_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMFP128TypeInContext(self.0) })
    }

    /// A pointer in address space 0.
    pub fn ptr_type(self) -> Type {
        self.ptr_type_in(0)
    }

    pub fn ptr_type_in(self, address_space: u32) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMPointerTypeInContext(self.0, address_space) })
    }

    pub fn metadata_type(self) -> Type {
        // SAFETY: the context is alive.
        Type(unsafe { LLVMMetadataTypeInContext(self.0) })
    }

    pub fn struct_type(self, fields: &[Type], packed: bool) -> Type {
        // SAFETY: `Type` is transparent over the reference, and LLVM copies the list.
        Type(unsafe {
            LLVMStructTypeInContext(
                self.0,
                fields.as_ptr().cast_mut().cast(),
                fields.len() as u32,
                packed.into(),
            )
        })
    }

    pub fn const_struct(self, fields: &[Value], packed: bool) -> Value {
        // SAFETY: as above; the fields are constants, which LLVM checks by a cast.
        Value(unsafe {
            LLVMConstStructInContext(
                self.0,
                fields.as_ptr().cast_mut().cast(),
                fields.len() as u32,
                packed.into(),
            )
        })
    }

    /// The bytes as a constant array of `i8`, with no NUL added.
    pub fn const_bytes(self, bytes: &[u8]) -> Value {
        // SAFETY: the range is a live slice, which LLVM copies.
        Value(unsafe { LLVMConstStringInContext2(self.0, bytes.as_ptr().cast(), bytes.len(), 1) })
    }

    pub fn const_bool(self, value: bool) -> Value {
        self.bool_type().const_int(value.into())
    }

    pub fn const_i32(self, value: i32) -> Value {
        self.i32_type().const_int_signed(value.into())
    }

    pub fn const_i64(self, value: i64) -> Value {
        self.i64_type().const_int_signed(value)
    }

    /// The number that the context gives a metadata kind.
    pub fn metadata_kind(self, name: &str) -> u32 {
        // SAFETY: the name is a live slice.
        unsafe { LLVMGetMDKindIDInContext(self.0, name.as_ptr().cast(), name.len() as u32) }
    }
}

impl Type {
    pub fn context(self) -> Context {
        // SAFETY: the type is alive.
        Context(unsafe { LLVMGetTypeContext(self.0) })
    }

    pub fn kind(self) -> TypeKind {
        // SAFETY: the type is alive; each width query is made on the kind that has it.
        unsafe {
            match raw::erx_type_kind(self.0) {
                0 => TypeKind::Void,
                1 => TypeKind::Half,
                2 => TypeKind::Float,
                3 => TypeKind::Double,
                4 => TypeKind::X86Fp80,
                5 => TypeKind::Fp128,
                6 => TypeKind::PpcFp128,
                7 => TypeKind::Label,
                8 => TypeKind::Integer(LLVMGetIntTypeWidth(self.0)),
                9 => TypeKind::Function,
                10 => TypeKind::Struct,
                11 => TypeKind::Array(LLVMGetArrayLength2(self.0)),
                12 => TypeKind::Pointer(LLVMGetPointerAddressSpace(self.0)),
                13 => TypeKind::Vector(LLVMGetVectorSize(self.0)),
                14 => TypeKind::Metadata,
                16 => TypeKind::Token,
                17 => TypeKind::ScalableVector(LLVMGetVectorSize(self.0)),
                18 => TypeKind::BFloat,
                19 => TypeKind::X86Amx,
                20 => TypeKind::TargetExt,
                _ => TypeKind::Other,
            }
        }
    }

    pub fn is_void(self) -> bool {
        self.kind() == TypeKind::Void
    }

    pub fn is_pointer(self) -> bool {
        matches!(self.kind(), TypeKind::Pointer(_))
    }

    pub fn is_integer(self) -> bool {
        matches!(self.kind(), TypeKind::Integer(_))
    }

    /// The width of an integer type.
    pub fn int_width(self) -> Option<u32> {
        if let TypeKind::Integer(bits) = self.kind() {
            Some(bits)
        } else {
            None
        }
    }

    /// A scalar floating type of any format.
    pub fn is_float(self) -> bool {
        use TypeKind::*;
        matches!(
            self.kind(),
            Half | BFloat | Float | Double | X86Fp80 | Fp128 | PpcFp128
        )
    }

    pub fn is_vector(self) -> bool {
        matches!(
            self.kind(),
            TypeKind::Vector(_) | TypeKind::ScalableVector(_)
        )
    }

    pub fn is_aggregate(self) -> bool {
        matches!(self.kind(), TypeKind::Struct | TypeKind::Array(_))
    }

    /// The element type of a vector, else the type itself.
    pub fn scalar(self) -> Type {
        if self.is_vector() {
            self.element()
        } else {
            self
        }
    }

    pub fn is_sized(self) -> bool {
        // SAFETY: the type is alive.
        unsafe { LLVMTypeIsSized(self.0) != 0 }
    }

    /// The element type of an array or vector.
    ///
    /// # Panics
    /// On any other type: that is a mistake of the caller's.
    pub fn element(self) -> Type {
        assert!(
            matches!(
                self.kind(),
                TypeKind::Array(_) | TypeKind::Vector(_) | TypeKind::ScalableVector(_)
            ),
            "{self} has no element type"
        );
        // SAFETY: checked to be a sequence.
        Type(unsafe { LLVMGetElementType(self.0) })
    }

    /// Whether its size depends on the machine that runs it: vectors of an unknown length, and what holds them.
    pub fn is_scalable(self) -> bool {
        match self.kind() {
            TypeKind::ScalableVector(_) => true,
            TypeKind::Struct => self.fields().into_iter().any(Type::is_scalable),
            TypeKind::Array(_) => self.element().is_scalable(),
            _ => false,
        }
    }

    /// The fields of a struct; empty for any other type.
    pub fn fields(self) -> Vec<Type> {
        if self.kind() != TypeKind::Struct {
            return Vec::new();
        }
        // SAFETY: checked to be a struct; LLVM fills exactly the counted number.
        unsafe {
            let mut out = vec![Type(ptr::null_mut()); LLVMCountStructElementTypes(self.0) as usize];
            LLVMGetStructElementTypes(self.0, out.as_mut_ptr().cast());
            out
        }
    }

    /// How many members an aggregate or a vector has; 0 for scalars.
    pub fn member_count(self) -> u64 {
        match self.kind() {
            // SAFETY: checked to be a struct.
            TypeKind::Struct => unsafe { LLVMCountStructElementTypes(self.0).into() },
            TypeKind::Array(n) => n,
            TypeKind::Vector(n) => n.into(),
            _ => 0,
        }
    }

    /// The type of member `index` of an aggregate or vector.
    pub fn member(self, index: u32) -> Type {
        match self.kind() {
            // SAFETY: a struct, and the index is in range.
            TypeKind::Struct if u64::from(index) < self.member_count() => unsafe {
                Type(LLVMStructGetTypeAtIndex(self.0, index))
            },
            TypeKind::Struct => panic!("{self} has no field {index}"),
            _ => self.element(),
        }
    }

    pub fn is_packed_struct(self) -> bool {
        // SAFETY: asked of structs only.
        self.kind() == TypeKind::Struct && unsafe { LLVMIsPackedStruct(self.0) != 0 }
    }

    pub fn is_opaque_struct(self) -> bool {
        // SAFETY: asked of structs only.
        self.kind() == TypeKind::Struct && unsafe { LLVMIsOpaqueStruct(self.0) != 0 }
    }

    pub fn struct_name(self) -> Option<String> {
        if self.kind() != TypeKind::Struct {
            return None;
        }
        // SAFETY: asked of a struct; a literal struct answers null.
        unsafe { text::borrowed_c(LLVMGetStructName(self.0)) }
    }

    pub fn array_of(self, count: u64) -> Type {
        // SAFETY: the type is alive; LLVM rejects only unsized elements.
        Type(unsafe { LLVMArrayType2(self.0, count) })
    }

    pub fn vector_of(self, count: u32) -> Type {
        // SAFETY: the type is alive.
        Type(unsafe { LLVMVectorType(self.0, count) })
    }

    /// The function type that returns this type.
    pub fn function_type(self, params: &[Type], variadic: bool) -> Type {
        // SAFETY: `Type` is transparent over the reference, and LLVM copies the list.
        Type(unsafe {
            LLVMFunctionType(
                self.0,
                params.as_ptr().cast_mut().cast(),
                params.len() as u32,
                variadic.into(),
            )
        })
    }

    /// The parameters of a function type.
    pub fn params(self) -> Vec<Type> {
        assert_eq!(self.kind(), TypeKind::Function, "{self} has no parameters");
        // SAFETY: checked to be a function type; LLVM fills exactly the counted number.
        unsafe {
            let mut out = vec![Type(ptr::null_mut()); LLVMCountParamTypes(self.0) as usize];
            LLVMGetParamTypes(self.0, out.as_mut_ptr().cast());
            out
        }
    }

    pub fn return_type(self) -> Type {
        assert_eq!(self.kind(), TypeKind::Function, "{self} has no return type");
        // SAFETY: checked to be a function type.
        Type(unsafe { LLVMGetReturnType(self.0) })
    }

    pub fn is_variadic(self) -> bool {
        // SAFETY: asked of function types only.
        self.kind() == TypeKind::Function && unsafe { LLVMIsFunctionVarArg(self.0) != 0 }
    }

    /// The integer constant of this type with these low bits (zero-extended).
    pub fn const_int(self, value: u64) -> Value {
        assert!(self.is_integer(), "{self} has no integer constants");
        // SAFETY: checked to be an integer type; truncation here is wanted, which the C API does.
        Value(unsafe { LLVMConstInt(self.0, value, 0) })
    }

    pub fn const_int_signed(self, value: i64) -> Value {
        assert!(self.is_integer(), "{self} has no integer constants");
        // SAFETY: checked to be an integer type.
        Value(unsafe { LLVMConstInt(self.0, value as u64, 1) })
    }

    /// An integer constant from 64-bit words, least significant first.
    pub fn const_int_words(self, words: &[u64]) -> Value {
        assert!(self.is_integer(), "{self} has no integer constants");
        // SAFETY: checked to be an integer type; LLVM copies the words.
        Value(unsafe {
            LLVMConstIntOfArbitraryPrecision(self.0, words.len() as u32, words.as_ptr())
        })
    }

    /// The constant of a floating type, or of a vector of one (a splat), nearest to `value`.
    pub fn const_f64(self, value: f64) -> Value {
        match self.kind() {
            TypeKind::Vector(n) => {
                self.const_vector(&vec![self.element().const_f64(value); n as usize])
            }
            _ => {
                assert!(self.is_float(), "{self} has no floating constants");
                // SAFETY: checked to be a floating type.
                Value(unsafe { LLVMConstReal(self.0, value) })
            }
        }
    }

    /// A constant of a floating type from its bits, least significant word first.
    pub fn const_fp_bits(self, words: [u64; 2]) -> Value {
        assert!(self.is_float(), "{self} has no floating constants");
        // SAFETY: checked to be a floating type; no format is wider than two words.
        Value(unsafe { raw::erx_fp_from_bits(self.0, words.as_ptr()) })
    }

    /// Zero, null, or the aggregate of zeros.
    pub fn const_null(self) -> Value {
        // SAFETY: the type is alive and sized.
        Value(unsafe { LLVMConstNull(self.0) })
    }

    pub fn undef(self) -> Value {
        // SAFETY: the type is alive.
        Value(unsafe { LLVMGetUndef(self.0) })
    }

    pub fn poison(self) -> Value {
        // SAFETY: the type is alive.
        Value(unsafe { LLVMGetPoison(self.0) })
    }

    /// A constant array with this element type.
    pub fn const_array_of(self, items: &[Value]) -> Value {
        // SAFETY: `Value` is transparent over the reference, and LLVM copies the list.
        Value(unsafe {
            LLVMConstArray2(self.0, items.as_ptr().cast_mut().cast(), items.len() as u64)
        })
    }

    /// A constant of this named struct type.
    pub fn const_named_struct(self, fields: &[Value]) -> Value {
        assert_eq!(self.kind(), TypeKind::Struct, "{self} is no struct");
        // SAFETY: checked to be a struct; LLVM copies the list.
        Value(unsafe {
            LLVMConstNamedStruct(
                self.0,
                fields.as_ptr().cast_mut().cast(),
                fields.len() as u32,
            )
        })
    }

    /// A constant vector of these elements, which must be of this vector type's element type.
    pub fn const_vector(self, items: &[Value]) -> Value {
        assert!(!items.is_empty(), "a vector has at least one element");
        // SAFETY: as above, and the list is not empty.
        Value(unsafe { LLVMConstVector(items.as_ptr().cast_mut().cast(), items.len() as u32) })
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the type is alive; the message is ours.
        out.write_str(&unsafe { text::owned(LLVMPrintTypeToString(self.0)) }.unwrap_or_default())
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
