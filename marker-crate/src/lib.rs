#![doc = include_str!("../README.md")]
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
#[cfg(feature = "alloc")]
pub mod calculus;
mod tree;

/// Writes what the rules of a function need beside it. The macro's name is what the compiler says where it can't be: in an
/// `impl` or a trait.
#[doc(hidden)]
#[macro_export]
macro_rules! only_free_functions_have_rules {
    (type $(#[$attribute:meta])* $visibility:vis $name:ident) => {
        $(#[$attribute])* $visibility enum $name {}
    };
    (rule $($items:tt)*) => {
        const _: () = { $($items)* };
    };
}

pub use enzyme_marker_macros::{
    TypeTree, autodiff_forward, autodiff_reverse, custom_derivative, derivative_of, inactive,
};
pub use enzyme_sys::wire;
pub use tree::TypeTree;
