//! Metadata: nodes, what is attached to instructions and globals, alias scopes.

use super::{Context, Value, raw, text};
use llvm_sys::{core::*, prelude::*};
use std::{fmt, ptr};

/// A metadata node, string or constant.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Metadata(pub(super) LLVMMetadataRef);

#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum MetadataKind {
    Node,
    String,
    Constant,
    Other,
}

impl Metadata {
    pub(super) fn maybe(raw: LLVMMetadataRef) -> Option<Metadata> {
        (!raw.is_null()).then_some(Metadata(raw))
    }

    /// The identity as a number; this is what names an alias scope or domain in pure code.
    pub fn id(self) -> usize {
        self.0 as usize
    }

    pub fn kind(self) -> MetadataKind {
        // SAFETY: the metadata is alive.
        match unsafe { raw::erx_md_kind(self.0) } {
            0 => MetadataKind::Node,
            1 => MetadataKind::String,
            2 => MetadataKind::Constant,
            _ => MetadataKind::Other,
        }
    }

    /// The operands of a node, empty for anything else; an operand may be null.
    pub fn operands(self) -> Vec<Option<Metadata>> {
        // SAFETY: only nodes count operands, and every index is in range.
        unsafe {
            (0..raw::erx_md_num_operands(self.0))
                .map(|index| Metadata::maybe(raw::erx_md_operand(self.0, index)))
                .collect()
        }
    }

    pub fn as_string(self) -> Option<String> {
        // SAFETY: the shim answers null for what is no string.
        unsafe { text::owned(raw::erx_md_string(self.0)) }
    }

    pub fn as_constant(self) -> Option<Value> {
        // SAFETY: the shim answers null for what is no constant.
        Value::maybe(unsafe { raw::erx_md_constant(self.0) })
    }

    pub fn string(context: Context, text: &str) -> Metadata {
        // SAFETY: the context is alive; LLVM copies the text.
        Metadata(unsafe { raw::erx_md_new_string(context.0, text.as_ptr().cast(), text.len()) })
    }

    pub fn constant(value: Value) -> Metadata {
        assert!(value.is_constant(), "{value} is no constant");
        // SAFETY: checked to be a constant.
        Metadata(unsafe { raw::erx_md_new_constant(value.0) })
    }

    /// The node of these operands, shared with equal ones.
    pub fn node(context: Context, operands: &[Metadata]) -> Metadata {
        // SAFETY: `Metadata` is transparent over the reference; LLVM copies the list.
        Metadata(unsafe {
            raw::erx_md_new_node(context.0, operands.as_ptr().cast(), operands.len(), false)
        })
    }

    /// A new node, equal to no other.
    pub fn distinct_node(context: Context, operands: &[Metadata]) -> Metadata {
        // SAFETY: as above.
        Metadata(unsafe {
            raw::erx_md_new_node(context.0, operands.as_ptr().cast(), operands.len(), true)
        })
    }

    /// A new node whose first operand is itself, as loop ids are.
    pub fn self_referential(context: Context, rest: &[Metadata]) -> Metadata {
        let mut operands = vec![Metadata(ptr::null_mut())];
        operands.extend_from_slice(rest);
        let node = Metadata::distinct_node(context, &operands);
        // SAFETY: a distinct node with at least one operand.
        unsafe { raw::erx_md_replace_operand(node.0, 0, node.0) };
        node
    }

    /// A new domain for alias scopes.
    pub fn new_scope_domain(context: Context, name: &str) -> Metadata {
        // SAFETY: the context is alive; LLVM copies the name.
        Metadata(unsafe { raw::erx_new_scope_domain(context.0, name.as_ptr().cast(), name.len()) })
    }

    /// A new alias scope in a domain.
    pub fn new_scope(domain: Metadata, context: Context, name: &str) -> Metadata {
        assert_eq!(domain.kind(), MetadataKind::Node, "{domain} is no domain");
        // SAFETY: a node of this context; LLVM copies the name.
        Metadata(unsafe {
            raw::erx_new_scope(context.0, domain.0, name.as_ptr().cast(), name.len())
        })
    }

    /// The scopes of a list such as `!alias.scope` or `!noalias` names; compare them by [`Metadata::id`].
    pub fn scopes(self) -> Vec<Metadata> {
        self.operands().into_iter().flatten().collect()
    }

    /// The domain of an alias scope.
    pub fn scope_domain(self) -> Option<Metadata> {
        self.operands().get(1).copied().flatten()
    }

    /// The metadata as a value, for calls such as `llvm.experimental.noalias.scope.decl`.
    pub fn as_value(self, context: Context) -> Value {
        // SAFETY: both are alive.
        Value(unsafe { LLVMMetadataAsValue(context.0, self.0) })
    }
}

impl Value {
    /// The metadata of that kind on an instruction or global.
    pub fn metadata(self, kind: &str) -> Option<Metadata> {
        let kind = self.context().metadata_kind(kind);
        // SAFETY: the value is alive; the shim answers null for what carries none.
        Metadata::maybe(unsafe { raw::erx_md_get(self.0, kind) })
    }

    /// Sets or, with `None`, removes metadata of an instruction or global.
    pub fn set_metadata(self, kind: &str, node: Option<Metadata>) {
        assert!(
            node.is_none_or(|node| node.kind() == MetadataKind::Node),
            "only nodes can be attached"
        );
        let kind = self.context().metadata_kind(kind);
        // SAFETY: the value is alive, and the metadata is null or a node.
        unsafe { raw::erx_md_set(self.0, kind, node.map_or(ptr::null_mut(), |node| node.0)) }
    }

    /// The kinds of metadata attached, the debug location apart.
    pub fn metadata_kinds(self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        // SAFETY: the sink is given the list that it expects.
        unsafe { raw::erx_md_kinds(self.0, text::collect_texts, (&raw mut out).cast()) };
        out
    }

    /// Removes all metadata of an instruction except the debug location and these kinds.
    pub fn strip_unknown_metadata(self, keep: &[&str]) {
        assert!(self.is_instruction(), "{self} is no instruction");
        let kinds: Vec<u32> = keep
            .iter()
            .map(|name| self.context().metadata_kind(name))
            .collect();
        // SAFETY: an instruction; the list lives for the call.
        unsafe { raw::erx_md_keep_only(self.0, kinds.as_ptr(), kinds.len()) }
    }
}

impl fmt::Display for Metadata {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: the metadata is alive; the message is ours.
        out.write_str(&unsafe { text::owned(raw::erx_print_metadata(self.0)) }.unwrap_or_default())
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
