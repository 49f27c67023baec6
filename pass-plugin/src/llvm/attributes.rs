//! Attributes of functions, returns, parameters and calls.

use super::{Context, Function, Type, Value, text};
use llvm_sys::{LLVMAttributeFunctionIndex, LLVMAttributeReturnIndex, core::*, prelude::*};
use std::{fmt, ptr};

/// An attribute with its value.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Attribute(pub(super) LLVMAttributeRef);

/// Where an attribute sits.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum AttrIndex {
    Function,
    Return,
    Param(u32),
}

/// What an attribute says beside its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttributeValue {
    /// An enum attribute; those without a value have 0.
    Int(u64),
    Type(Type),
    Text(String),
    /// A range or another kind that the C API cannot read.
    Opaque,
}

/// What an allocation function does (`allockind`).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct AllocKind(pub u64);

impl AllocKind {
    pub const ALLOC: u64 = 1;
    pub const REALLOC: u64 = 2;
    pub const FREE: u64 = 4;
    pub const UNINITIALIZED: u64 = 8;
    pub const ZEROED: u64 = 16;
    pub const ALIGNED: u64 = 32;

    pub fn has(self, flag: u64) -> bool {
        self.0 & flag != 0
    }
}

/// What a call may do to memory: 2 bits a location, 1 reads and 2 writes.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct MemoryEffects(pub u32);

impl MemoryEffects {
    fn part(self, index: u32) -> u32 {
        self.0 >> (2 * index) & 3
    }

    pub fn none(self) -> bool {
        self.0 == 0
    }

    pub fn only_reads(self) -> bool {
        self.0 & 0b1010_1010 == 0
    }

    /// Touches nothing but what its pointer arguments point to.
    pub fn only_args(self) -> bool {
        self.0 >> 2 == 0
    }

    /// Touches nothing but its arguments' memory and memory that this module cannot see.
    pub fn only_args_or_inaccessible(self) -> bool {
        self.0 >> 4 == 0
    }

    pub fn reads_args(self) -> bool {
        self.part(0) & 1 != 0
    }

    pub fn writes_args(self) -> bool {
        self.part(0) & 2 != 0
    }

    pub fn reads_other(self) -> bool {
        self.part(3) & 1 != 0
    }

    pub fn writes_other(self) -> bool {
        self.part(3) & 2 != 0
    }
}

impl AttrIndex {
    pub(super) fn to_raw(self) -> u32 {
        match self {
            AttrIndex::Function => LLVMAttributeFunctionIndex,
            AttrIndex::Return => LLVMAttributeReturnIndex,
            AttrIndex::Param(index) => index + 1,
        }
    }
}

impl Attribute {
    /// LLVM's number of an enum attribute, `None` for names it does not know.
    pub(super) fn kind_number(name: &str) -> Option<u32> {
        // SAFETY: the name is a live slice.
        let kind = unsafe { LLVMGetEnumAttributeKindForName(name.as_ptr().cast(), name.len()) };
        (kind != 0).then_some(kind)
    }

    /// An enum attribute; `None` when LLVM knows no such name.
    pub fn enumerated(context: Context, name: &str, value: u64) -> Option<Attribute> {
        let kind = Attribute::kind_number(name)?;
        // SAFETY: a kind that LLVM knows.
        Some(Attribute(unsafe {
            LLVMCreateEnumAttribute(context.0, kind, value)
        }))
    }

    /// An attribute that carries a type, such as `sret`.
    pub fn typed(context: Context, name: &str, ty: Type) -> Option<Attribute> {
        let kind = Attribute::kind_number(name)?;
        // SAFETY: a kind that LLVM knows.
        Some(Attribute(unsafe {
            LLVMCreateTypeAttribute(context.0, kind, ty.0)
        }))
    }

    pub fn string(context: Context, key: &str, value: &str) -> Attribute {
        // SAFETY: both are live slices, which LLVM copies.
        Attribute(unsafe {
            LLVMCreateStringAttribute(
                context.0,
                key.as_ptr().cast(),
                key.len() as u32,
                value.as_ptr().cast(),
                value.len() as u32,
            )
        })
    }

    pub fn is_string(self) -> bool {
        // SAFETY: the attribute is alive.
        unsafe { LLVMIsStringAttribute(self.0) != 0 }
    }

    /// LLVM's number of a non-string attribute.
    fn number(self) -> u32 {
        // SAFETY: asked of attributes that are no strings; ranges answer too.
        unsafe { LLVMGetEnumAttributeKind(self.0) }
    }

    /// The key of a string attribute, the name of any other.
    pub fn name(self) -> String {
        if self.is_string() {
            let mut len = 0;
            // SAFETY: checked to be a string attribute; LLVM sets the length.
            return unsafe {
                let at = LLVMGetStringAttributeKind(self.0, &mut len);
                text::borrowed(at, len as usize)
            };
        }
        ATTRIBUTE_NAMES
            .iter()
            .find(|name| Attribute::kind_number(name) == Some(self.number()))
            .map_or_else(
                || format!("attribute#{}", self.number()),
                |name| (*name).to_owned(),
            )
    }

    pub fn value(self) -> AttributeValue {
        // SAFETY: each question is asked of the kind of attribute that has the answer.
        unsafe {
            if self.is_string() {
                let mut len = 0;
                let at = LLVMGetStringAttributeValue(self.0, &mut len);
                AttributeValue::Text(text::borrowed(at, len as usize))
            } else if LLVMIsTypeAttribute(self.0) != 0 {
                AttributeValue::Type(Type(LLVMGetTypeAttributeValue(self.0)))
            } else if LLVMIsEnumAttribute(self.0) != 0 {
                AttributeValue::Int(LLVMGetEnumAttributeValue(self.0))
            } else {
                AttributeValue::Opaque
            }
        }
    }

    pub fn int(self) -> Option<u64> {
        if let AttributeValue::Int(value) = self.value() {
            Some(value)
        } else {
            None
        }
    }

    pub fn text(self) -> Option<String> {
        if let AttributeValue::Text(value) = self.value() {
            Some(value)
        } else {
            None
        }
    }

    pub fn ty(self) -> Option<Type> {
        if let AttributeValue::Type(value) = self.value() {
            Some(value)
        } else {
            None
        }
    }
}

impl Function {
    pub fn attributes(self, at: AttrIndex) -> Vec<Attribute> {
        // SAFETY: the function is alive; LLVM fills exactly the counted number.
        unsafe {
            let count = LLVMGetAttributeCountAtIndex(self.0, at.to_raw()) as usize;
            let mut out = vec![Attribute(ptr::null_mut()); count];
            if count != 0 {
                LLVMGetAttributesAtIndex(self.0, at.to_raw(), out.as_mut_ptr().cast());
            }
            out
        }
    }

    /// An attribute by name (enum) or key (string).
    pub fn attribute(self, at: AttrIndex, name: &str) -> Option<Attribute> {
        // SAFETY: the function is alive; null says that there is none.
        let found = unsafe {
            match Attribute::kind_number(name) {
                Some(kind) => LLVMGetEnumAttributeAtIndex(self.0, at.to_raw(), kind),
                None => LLVMGetStringAttributeAtIndex(
                    self.0,
                    at.to_raw(),
                    name.as_ptr().cast(),
                    name.len() as u32,
                ),
            }
        };
        (!found.is_null()).then_some(Attribute(found))
    }

    pub fn has_attribute(self, at: AttrIndex, name: &str) -> bool {
        self.attribute(at, name).is_some()
    }

    pub fn add_attribute(self, at: AttrIndex, attribute: Attribute) {
        // SAFETY: the function is alive and the attribute of its context.
        unsafe { LLVMAddAttributeAtIndex(self.0, at.to_raw(), attribute.0) }
    }

    /// Adds an enum attribute without a value; false when LLVM knows no such name.
    pub fn add_enum_attribute(self, at: AttrIndex, name: &str) -> bool {
        Attribute::enumerated(self.context(), name, 0)
            .map(|attribute| self.add_attribute(at, attribute))
            .is_some()
    }

    pub fn remove_attribute(self, at: AttrIndex, name: &str) {
        // SAFETY: the function is alive; what is not there is not removed.
        unsafe {
            match Attribute::kind_number(name) {
                Some(kind) => LLVMRemoveEnumAttributeAtIndex(self.0, at.to_raw(), kind),
                None => LLVMRemoveStringAttributeAtIndex(
                    self.0,
                    at.to_raw(),
                    name.as_ptr().cast(),
                    name.len() as u32,
                ),
            }
        }
    }

    /// Removes every attribute there.
    pub fn clear_attributes(self, at: AttrIndex) {
        for attribute in self.attributes(at) {
            if attribute.is_string() {
                self.remove_attribute(at, &attribute.name());
            } else {
                // SAFETY: the number is one that the function has.
                unsafe { LLVMRemoveEnumAttributeAtIndex(self.0, at.to_raw(), attribute.number()) }
            }
        }
    }

    /// Removes every attribute of the function, its return and its parameters.
    pub fn clear_all_attributes(self) {
        self.clear_attributes(AttrIndex::Function);
        self.clear_attributes(AttrIndex::Return);
        (0..self.param_count()).for_each(|index| self.clear_attributes(AttrIndex::Param(index)));
    }

    pub fn alloc_kind(self) -> Option<AllocKind> {
        self.attribute(AttrIndex::Function, "allockind")?
            .int()
            .map(AllocKind)
    }

    pub fn alloc_family(self) -> Option<String> {
        self.attribute(AttrIndex::Function, "alloc-family")?.text()
    }

    /// The parameters whose product is the allocated size (`allocsize`).
    pub fn alloc_size(self) -> Option<(u32, Option<u32>)> {
        decode_alloc_size(self.attribute(AttrIndex::Function, "allocsize")?)
    }
}

impl Value {
    pub fn call_alloc_kind(self) -> Option<AllocKind> {
        self.call_attribute(AttrIndex::Function, "allockind")?
            .int()
            .map(AllocKind)
    }

    pub fn call_alloc_family(self) -> Option<String> {
        self.call_attribute(AttrIndex::Function, "alloc-family")?
            .text()
    }

    pub fn call_alloc_size(self) -> Option<(u32, Option<u32>)> {
        decode_alloc_size(self.call_attribute(AttrIndex::Function, "allocsize")?)
    }
}

/// LLVM packs both parameter numbers into one integer, all ones in the low half meaning that there is no second.
fn decode_alloc_size(attribute: Attribute) -> Option<(u32, Option<u32>)> {
    let packed = attribute.int()?;
    let second = packed as u32;
    Some((
        (packed >> 32) as u32,
        (second != u32::MAX).then_some(second),
    ))
}

impl fmt::Debug for Attribute {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={:?}", self.name(), self.value())
    }
}

/// The enum, integer, type and range attributes of LLVM 22: the C API maps names to numbers, but not back.
const ATTRIBUTE_NAMES: &[&str] = &[
    "align",
    "allocalign",
    "allockind",
    "allocptr",
    "allocsize",
    "alwaysinline",
    "builtin",
    "byval",
    "byref",
    "noundef",
    "cold",
    "convergent",
    "hot",
    "dereferenceable",
    "dereferenceable_or_null",
    "disable_sanitizer_instrumentation",
    "elementtype",
    "fn_ret_thunk_extern",
    "hybrid_patchable",
    "inalloca",
    "initializes",
    "inlinehint",
    "inreg",
    "jumptable",
    "memory",
    "nofpclass",
    "minsize",
    "naked",
    "nest",
    "noalias",
    "nobuiltin",
    "nocallback",
    "captures",
    "nodivergencesource",
    "noduplicate",
    "noext",
    "nofree",
    "dead_on_unwind",
    "dead_on_return",
    "noimplicitfloat",
    "noinline",
    "nonlazybind",
    "nomerge",
    "nonnull",
    "norecurse",
    "noredzone",
    "noreturn",
    "nosync",
    "nocf_check",
    "noprofile",
    "skipprofile",
    "nounwind",
    "nosanitize_bounds",
    "nosanitize_coverage",
    "null_pointer_is_valid",
    "optdebug",
    "optforfuzzing",
    "optsize",
    "optnone",
    "preallocated",
    "range",
    "readnone",
    "readonly",
    "returned",
    "immarg",
    "returns_twice",
    "safestack",
    "shadowcallstack",
    "signext",
    "alignstack",
    "speculatable",
    "ssp",
    "sspreq",
    "sspstrong",
    "strictfp",
    "sret",
    "sanitize_address",
    "sanitize_thread",
    "sanitize_type",
    "sanitize_memory",
    "sanitize_hwaddress",
    "sanitize_memtag",
    "sanitize_numerical_stability",
    "sanitize_realtime",
    "sanitize_realtime_blocking",
    "sanitize_alloc_token",
    "speculative_load_hardening",
    "swifterror",
    "swiftself",
    "swiftasync",
    "uwtable",
    "vscale_range",
    "willreturn",
    "writable",
    "writeonly",
    "zeroext",
    "mustprogress",
    "presplitcoroutine",
    "coro_only_destroy_when_complete",
    "coro_elide_safe",
];
