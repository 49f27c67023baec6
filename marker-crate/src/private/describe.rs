//! Builds the constant that describes a call to the engine.

use core::marker::PhantomData;
use core::mem::size_of;

use crate::TypeTree;
use crate::wire::{Argument, Call, List, MAGIC, Node, Text, VERSION};

/// Asks whether `T` has a type tree, without demanding it.
///
/// `Probe::<T>::NODE` is the inherent constant where `T: TypeTree` is known to hold, and the one of [`Unknown`]
/// (which must be in scope) elsewhere, because inherent items come first and drop out when their bounds don't hold.
pub struct Probe<T>(PhantomData<T>);

impl<T: TypeTree> Probe<T> {
    /// The tree of `T`.
    pub const NODE: Option<&'static Node> = Some(T::NODE);
}

/// The answer for types without a tree.
pub trait Unknown {
    /// No tree.
    const NODE: Option<&'static Node> = None;
}

impl<T> Unknown for Probe<T> {}

/// Describes an argument or a result of type `T`.
pub const fn argument<T>(
    name: &'static str,
    ty: Option<&'static Node>,
    unique_primal: bool,
    unique_shadow: bool,
) -> Argument {
    let mut flags = 0;
    if unique_primal {
        flags |= Argument::FLAG_PRIMAL_UNIQUE;
    }
    if unique_shadow {
        flags |= Argument::FLAG_SHADOW_UNIQUE;
    }
    Argument {
        name: Text::new(name),
        ty,
        size: size_of::<T>(),
        flags,
    }
}

/// Describes a result whose type has no name (`impl Trait`).
pub const fn opaque(name: &'static str) -> Argument {
    Argument {
        name: Text::new(name),
        ty: None,
        size: Argument::SIZE_UNKNOWN,
        flags: 0,
    }
}

/// Describes a call.
pub const fn call(
    file: &'static str,
    line: u32,
    column: u32,
    function: &'static str,
    arguments: &'static [Argument],
    result: Option<&'static Argument>,
) -> Call {
    Call {
        magic: MAGIC,
        version: VERSION,
        file: Text::new(file),
        line: line as usize,
        column: column as usize,
        function: Text::new(function),
        arguments: List::new(arguments),
        result,
    }
}

/// The description of a type of which nothing is told but its size.
pub fn opaque_node<T>() -> &'static Node {
    const { &Node::opaque::<T>("opaque") }
}
